import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { childEnvironment } from "../../../lib/process-env.ts";
import { openStack } from "../../host/bundle/migrated-stack.ts";
import { closeStack, machine, prepareDatabases, startOry } from "../../host/bundle/stack.ts";
import { Checkout } from "../../support/checkout.ts";
import { startSshHost } from "../secrets/ssh-host.ts";

/** How a verb ended. */
interface VerbEnd {
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real Kratos and Hydra of the employees, reached as on a machine: by ssh, on the ports of the bundle. */
export interface IamHost {
  /** Runs `olympus <verb> <words>` against it. */
  olympus(verb: readonly string[], ...words: string[]): Promise<VerbEnd>;
  stop(): Promise<void>;
}

/** Starts them. `journal`: path of a folder with a journal's sockets, which the host shall have. */
export async function startIamHost(journal?: string): Promise<IamHost> {
  const closing: (() => unknown)[] = [closeStack];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    await openStack();
    const prepared = prepareDatabases();
    if (prepared.code !== 0) throw new Error(prepared.err);
    await startOry();
    for (const port of [1, 2, 3]) redirect(4100 + port, 7000 + port);
    const checkout = new Checkout();
    closing.push(() => checkout.remove());
    const folder = mkdtempSync(join(tmpdir(), "olympus-iam-"));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const host = await startSshHost(folder, {
      prefix: ["nsenter", "-t", String(machine.pid), "-n"],
      furnish: journal ? `mkdir -p /run/systemd && ln -s ${journal} /run/systemd/journal` : "",
    });
    closing.push(() => host.stop());
    const target = [
      ...["--host", "127.0.0.1", "--port", String(host.port), "--identity", host.identity],
      ...["--host-key", host.fingerprint, "--known-hosts", join(folder, "known")],
    ];
    return {
      olympus(verb, ...words) {
        const [file = "", ...rest] = machine.inside([
          "node",
          "scripts/run.mjs",
          ...verb,
          ...target,
          ...words,
        ]);
        const env = childEnvironment();
        return execa(file, rest, { cwd: checkout.root, env, extendEnv: false, reject: false });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** No container moves the port here. */
function redirect(from: number, to: number): void {
  const rule = ["iptables", "-t", "nat", "-A", "OUTPUT", "-p", "tcp", "-d", "127.0.0.1"];
  const done = machine.outside([...rule, "--dport", `${from}`, "-j", "REDIRECT", "--to-ports", `${to}`]);
  if (done.code !== 0) throw new Error(done.err);
}
