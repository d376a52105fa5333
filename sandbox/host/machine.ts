import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { childEnvironment } from "../../config/process-env.ts";
import { type Mirror, prepareRoot, type Seed } from "./machine-root.ts";
import { ensureNetwork, NETWORK } from "./network.ts";
import { type Progress, step } from "./progress.ts";
import { ensureTools, requireRoot } from "./tools.ts";
import { attachVolume, detachVolume, type Volume, volumePath } from "./volume.ts";

/** How a command inside ended; 124 is a command that ran into its limit of time. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MachineSpec extends Seed {
  /** At most 12 letters, digits and dashes: it names the network interface too. */
  readonly name: string;
  /** Folder of this machine's disk, console log and state. */
  readonly folder: string;
  readonly volume?: Volume;
  readonly mirror?: Mirror;
}

/** A Debian 13 with systemd and cloud-init, in a container of its own: a server as the cloud would make it. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** Runs a command as root inside; answers the exit code instead of throwing. */
  exec(command: readonly string[], options?: { input?: string; timeoutMs?: number }): Promise<Outcome>;
  isRunning(): Promise<boolean>;
  /** Starts a machine that is off. */
  boot(): Promise<void>;
  /** Waits for cloud-init to end. Throws with its own report on an error or after the limit. */
  waitForCloudInit(timeoutMs?: number): Promise<void>;
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
const ENVIRONMENT = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/root",
  "LANG=C.UTF-8",
];

const until = async (what: string, limitMs: number, done: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + limitMs;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`${what} within ${limitMs / 1000} s.`);
    await sleep(POLL_MS);
  }
};

const rootOf = (spec: MachineSpec): string => join(spec.folder, "root");

/** Process id of nspawn, if it still runs this very machine. */
const containerPid = async (spec: MachineSpec): Promise<number | undefined> => {
  const pid = await readFile(join(spec.folder, "pid"), "utf8").catch(() => "");
  const command = await readFile(`/proc/${pid.trim()}/cmdline`, "utf8").catch(() => "");
  return pid && command.includes(rootOf(spec)) ? Number(pid) : undefined;
};

/** Process id, seen from outside, of the systemd inside. */
const initPid = async (spec: MachineSpec): Promise<number | undefined> => {
  const pid = await containerPid(spec);
  if (pid === undefined) return undefined;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return Number(children.trim().split(" ")[0]) || undefined;
};

const nspawnArguments = async (spec: MachineSpec): Promise<string[]> => {
  const volume = spec.volume && `${await attachVolume(spec.volume)}:${volumePath(spec.volume)}`;
  return [
    `--directory=${rootOf(spec)}`,
    `--machine=${spec.name}`,
    "--boot",
    "--register=no",
    "--keep-unit",
    "--console=read-only",
    "--resolv-conf=off",
    `--network-bridge=${NETWORK.bridge}`,
    "--capability=all",
    // Podman inside needs the kernel keyring and the device filter of cgroup v2.
    "--system-call-filter=@keyring",
    "--system-call-filter=bpf",
    ...(volume ? [`--bind=${volume}`] : []),
  ];
};

const start = async (spec: MachineSpec): Promise<ChildProcess> => {
  const log = openSync(join(spec.folder, "console.log"), "a");
  const child = spawn("systemd-nspawn", await nspawnArguments(spec), {
    detached: true,
    stdio: ["ignore", log, log],
    // Without it a machine with both cgroup versions gives the guest the old one, where podman fails.
    env: childEnvironment({ SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" }),
  });
  closeSync(log);
  child.unref();
  await writeFile(join(spec.folder, "pid"), String(child.pid));
  return child;
};

const execInside = async (
  spec: MachineSpec,
  command: readonly string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<Outcome> => {
  const pid = await initPid(spec);
  if (pid === undefined) throw new Error(`The machine ${spec.name} is off: boot it first.`);
  const enter = ["-t", String(pid), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"];
  const result = await execa("nsenter", [...enter, "env", "-i", ...ENVIRONMENT, ...command], {
    reject: false,
    input: options.input ?? "",
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  return { exitCode: result.exitCode ?? 124, stdout: result.stdout, stderr: result.stderr };
};

const boot = async (spec: MachineSpec): Promise<void> => {
  if (await containerPid(spec)) return;
  const child = await start(spec);
  await until(
    `${spec.name} did not reach systemd (see ${join(spec.folder, "console.log")})`,
    BOOT_LIMIT_MS,
    async () => {
      if (child.exitCode !== null) {
        throw new Error(
          `systemd-nspawn ended with ${child.exitCode}: see ${join(spec.folder, "console.log")}.`,
        );
      }
      if (!(await initPid(spec))) return false;
      const { stdout } = await execInside(spec, ["systemctl", "is-system-running"]);
      return /^(starting|running|degraded)$/.test(stdout.trim());
    },
  );
};

const waitForCloudInit = async (spec: MachineSpec, timeoutMs: number): Promise<void> => {
  const { exitCode } = await execInside(spec, ["cloud-init", "status", "--wait"], { timeoutMs });
  if (exitCode === 0) return;
  const { stdout } = await execInside(spec, ["cloud-init", "status", "--long"]);
  throw new Error(`cloud-init on ${spec.name} did not end well within ${timeoutMs / 1000} s:\n${stdout}`);
};

const ended = async (spec: MachineSpec): Promise<void> => {
  await until(
    `${spec.name} did not stop`,
    OFF_LIMIT_MS,
    async () => (await containerPid(spec)) === undefined,
  );
  if (spec.volume) await detachVolume(spec.volume);
};

const cutPower = async (spec: MachineSpec): Promise<void> => {
  const pid = await initPid(spec);
  // The kernel ends everything in a process namespace with its first process.
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  await ended(spec);
};

/** A handle on a machine that may or may not run; another process may have started it. */
export const openMachine = (spec: MachineSpec, progress: Progress): Machine => ({
  name: spec.name,
  address: spec.address,
  exec: (command, options) => execInside(spec, command, options),
  isRunning: async () => (await containerPid(spec)) !== undefined,
  boot: () => step(progress, `boot ${spec.name}`, () => boot(spec)),
  waitForCloudInit: (timeoutMs = CLOUD_INIT_LIMIT_MS) =>
    step(progress, `cloud-init on ${spec.name}`, () => waitForCloudInit(spec, timeoutMs)),
  powerOff: async () => {
    if (await containerPid(spec)) await execInside(spec, ["systemctl", "poweroff"]);
    await ended(spec);
  },
  cutPower: () => cutPower(spec),
  destroy: async () => {
    await cutPower(spec);
    await rm(spec.folder, { recursive: true, force: true });
  },
});

/**
 * Makes a new machine from an unmodified `user_data` and boots it; cloud-init still runs when this returns.
 * Throws when not root, when the name is too long for an interface or when a machine of that folder exists.
 */
export const bootMachine = async (spec: MachineSpec, progress: Progress): Promise<Machine> => {
  requireRoot("Booting a machine");
  if (!/^[a-z0-9-]{1,12}$/.test(spec.name)) {
    throw new Error(`"${spec.name}" cannot name a machine: 1 to 12 of a-z, 0-9 and dash.`);
  }
  if (existsSync(rootOf(spec))) throw new Error(`${spec.folder} already holds a machine: destroy it first.`);
  await ensureTools(["systemd-nspawn", "nsenter", "losetup"], progress);
  await ensureNetwork(progress);
  await mkdir(spec.folder, { recursive: true });
  await step(progress, `disk of ${spec.name}`, () => prepareRoot(rootOf(spec), spec, spec.mirror, progress));
  const machine = openMachine(spec, progress);
  await machine.boot();
  return machine;
};
