import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../lib/failure.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureTools, requireRoot } from "../programs/tools.ts";
import { type Mirror, prepareRoot, type Seed } from "./machine-root.ts";
import { ensureNetwork } from "./network.ts";
import {
  type Container,
  consoleLog,
  containerPid,
  type ExecResult,
  execInside,
  initPid,
  plug,
  rootOf,
  startContainer,
} from "./nspawn.ts";
import { detachVolume, type Volume } from "./volume.ts";

export interface MachineSpec extends Seed, Container {
  readonly mirror?: Mirror;
}

/** A Debian 13 with systemd and cloud-init, in a container of its own: a server as the cloud would make it. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** Runs a command as root inside; answers the exit code instead of throwing. */
  exec(command: readonly string[], options?: { input?: string; timeoutMs?: number }): Promise<ExecResult>;
  isRunning(): Promise<boolean>;
  /** Starts a machine that is off. */
  boot(): Promise<void>;
  /** Waits for cloud-init to end. Throws with its own report on an error or after the limit. */
  waitForCloudInit(timeoutMs?: number): Promise<void>;
  /** Shows a volume to the running machine, as the cloud does after the first boot; nobody detaches it at the end. */
  plug(volume: Volume): Promise<void>;
  /** Shuts down in order. */
  powerOff(): Promise<void>;
  /** Kills every process at once, as a power cut does. */
  cutPower(): Promise<void>;
  /** Removes the machine and its disk; the volume's image stays. */
  destroy(): Promise<void>;
}

const BOOT_LIMIT_MS = 60_000;
const OFF_LIMIT_MS = 120_000;
const CLOUD_INIT_LIMIT_MS = 600_000;
const POLL_MS = 200;

const until = async (what: string, limitMs: number, done: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + limitMs;
  while (!(await done())) {
    if (Date.now() > end) throw new Failure(`${what} within ${limitMs / 1000} s.`);
    await sleep(POLL_MS);
  }
};

const boot = async (spec: Container): Promise<void> => {
  if (await containerPid(spec)) return;
  const child = await startContainer(spec);
  await until(`${spec.name} did not reach systemd (see ${consoleLog(spec)})`, BOOT_LIMIT_MS, async () => {
    if (child.exitCode !== null) {
      throw new Failure(`systemd-nspawn ended with ${child.exitCode}: see ${consoleLog(spec)}.`);
    }
    if (!(await initPid(spec))) return false;
    const { stdout } = await execInside(spec, ["systemctl", "is-system-running"]);
    return /^(starting|running|degraded)$/.test(stdout.trim());
  });
};

const waitForCloudInit = async (spec: Container, timeoutMs: number): Promise<void> => {
  const { exitCode } = await execInside(spec, ["cloud-init", "status", "--wait"], { timeoutMs });
  if (exitCode === 0) return;
  const { stdout } = await execInside(spec, ["cloud-init", "status", "--long"]);
  throw new Failure(`cloud-init on ${spec.name} did not succeed within ${timeoutMs / 1000} s:\n${stdout}`);
};

const ended = async (spec: Container): Promise<void> => {
  await until(
    `${spec.name} did not stop`,
    OFF_LIMIT_MS,
    async () => (await containerPid(spec)) === undefined,
  );
  if (spec.volume) await detachVolume(spec.volume);
};

const cutPower = async (spec: Container): Promise<void> => {
  const pid = await initPid(spec);
  // The kernel ends everything in a process namespace with its first process.
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  await ended(spec);
};

/** Ends a machine at once and removes its disk; the image of its volume stays. */
export const removeMachine = async (spec: Container): Promise<void> => {
  await cutPower(spec);
  await rm(spec.folder, { recursive: true, force: true });
};

/** A handle on a machine that may or may not run; another process may have started it. */
export const openMachine = (spec: Container & Pick<Seed, "address">, progress: Progress): Machine => ({
  name: spec.name,
  address: spec.address,
  exec: (command, options) => execInside(spec, command, options),
  isRunning: async () => (await containerPid(spec)) !== undefined,
  boot: () => step(progress, `boot ${spec.name}`, () => boot(spec)),
  waitForCloudInit: (timeoutMs = CLOUD_INIT_LIMIT_MS) =>
    step(progress, `cloud-init on ${spec.name}`, () => waitForCloudInit(spec, timeoutMs)),
  plug: (volume) => plug(spec, volume),
  powerOff: async () => {
    if (await containerPid(spec)) await execInside(spec, ["systemctl", "poweroff"]);
    await ended(spec);
  },
  cutPower: () => cutPower(spec),
  destroy: () => removeMachine(spec),
});

/**
 * Makes a new machine from an unmodified `user_data` and boots it; cloud-init still runs when this returns.
 * Throws when not root, when the name is too long for an interface or when a machine of that folder exists.
 */
export const bootMachine = async (spec: MachineSpec, progress: Progress): Promise<Machine> => {
  requireRoot("Booting a machine");
  if (!/^[a-z0-9-]{1,12}$/.test(spec.name)) {
    throw new Failure(`"${spec.name}" is not a valid name of a machine: use 1 to 12 of a-z, 0-9 and dash.`);
  }
  if (existsSync(rootOf(spec)))
    throw new Failure(`${spec.folder} already holds a machine: destroy it first.`);
  await ensureTools(["systemd-nspawn", "nsenter", "losetup"], progress);
  await ensureNetwork(progress);
  await mkdir(spec.folder, { recursive: true });
  await step(progress, `disk of ${spec.name}`, () => prepareRoot(rootOf(spec), spec, spec.mirror, progress));
  const machine = openMachine(spec, progress);
  await machine.boot();
  return machine;
};
