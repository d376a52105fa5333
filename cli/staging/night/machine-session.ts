import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../../lib/failure.ts";
import { stderrProgress as progress } from "../../../lib/progress.ts";
import { lastLines } from "../../../lib/text.ts";
import { newLock } from "../../shared/machine-lock.ts";
import type { Remote } from "../../shared/ssh.ts";
import { connectToMachine, isKnown, type TargetOptions } from "../../shared/target.ts";

/** A new server boots, then its volume comes to it, and with the volume the key by which it is known. */
const KNOWN_KEY_MS = 600_000;
const POLL_MS = 3000;

/** One connection to the machine, opened when it is needed, under the lock of releases. */
export interface MachineSession {
  remote(): Promise<Remote>;
  /** Runs work that changes nothing: over the connection when it is open, else over one without the lock. */
  reading<T>(work: (remote: Remote) => Promise<T>): Promise<T>;
  /** Runs shell text, refused once another run has the lock. */
  readonly change: Remote["run"];
  /** The same; returns what it printed, throws a {@link Failure} with its last words when it fails. */
  must(script: string, timeoutMs: number): Promise<string>;
  /** The connection to a machine made anew: waits until it answers with the key of the machine before it. */
  again(): Promise<Remote>;
  close(): Promise<void>;
}

export function openMachineSession(name: string, target: TargetOptions): MachineSession {
  const lock = newLock();
  let open: Remote | undefined;
  const remote = async (): Promise<Remote> => (open ??= await connectToMachine(name, target, lock.hold));
  const close = async (): Promise<void> => {
    const last = open;
    open = undefined;
    await last?.close();
  };
  const change: Remote["run"] = async (script, options) => (await remote()).run(lock.fence(script), options);
  return {
    remote,
    reading: async (work) => {
      if (open) return work(open);
      const own = await connectToMachine(name, target);
      try {
        return await work(own);
      } finally {
        await own.close();
      }
    },
    change,
    must: async (script, timeoutMs) => {
      const { exitCode, stdout, stderr } = await change(script, {
        timeoutMs,
        onLine: (line) => progress(`  ${line}`),
      });
      if (exitCode === 0) return stdout.trim();
      throw new Failure(`The machine of ${name} failed.\n${lastLines(stderr)}`);
    },
    again: async () => {
      await close();
      open = await knownAgain(name, target, lock.hold);
      return open;
    },
    close,
  };
}

/** Until then the new machine may show the key of its first boot: that one is never believed. */
async function knownAgain(name: string, target: TargetOptions, hold: string): Promise<Remote> {
  if (!target.hostKey && !(await isKnown(name, target)))
    throw new Failure(
      `The host key of ${name} is not known here, so its machine cannot be identified: pass --host-key (docs/runbooks/release.md).`,
    );
  const end = Date.now() + KNOWN_KEY_MS;
  for (;;) {
    try {
      return await connectToMachine(name, { ...target, acceptNew: false }, hold);
    } catch (error) {
      if (!(error instanceof Failure) || Date.now() > end) throw error;
    }
    await sleep(POLL_MS);
  }
}
