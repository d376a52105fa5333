import { connect } from "node:net";
import { createInterface } from "node:readline";

/** A command of QEMU's machine protocol (QMP). */
export interface QmpCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

interface QmpResponse {
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

/** Sends commands to the socket of a running QEMU, one after the other. Throws with QEMU's own words. */
export async function qmp(socket: string, ...commands: readonly QmpCommand[]): Promise<void> {
  const connection = connect(socket);
  try {
    await new Promise((resolve, reject) => connection.once("connect", resolve).once("error", reject));
    const lines = createInterface(connection)[Symbol.asyncIterator]();
    for (const command of [{ execute: "qmp_capabilities" }, ...commands]) {
      connection.write(`${JSON.stringify(command)}\n`);
      await awaitResponse(command.execute, lines);
    }
  } finally {
    connection.destroy();
  }
}

/** Greeting and events come on the same line of wire as answers. */
async function awaitResponse(name: string, lines: AsyncIterator<string>): Promise<void> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error(`QEMU closed the connection before it answered ${name}.`);
    const { return: result, error } = JSON.parse(value) as QmpResponse;
    if (error) throw new Error(`QEMU refused ${name}: ${error.desc} (${error.class}).`);
    if (result !== undefined) return;
  }
}
