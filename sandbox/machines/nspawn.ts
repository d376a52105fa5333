import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { writeAtomically } from "../../lib/files.ts";
import { childEnvironment } from "../../lib/process-env.ts";
import { CHROOT_AS_ROOT, isInChroot } from "../programs/chroot.ts";
import { NETWORK } from "./network.ts";
import { attachVolume, deviceNumbers, type Volume, volumePath } from "./volume.ts";

/** How a command inside ended; 124 is a command that ran into its limit of time. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What systemd-nspawn has to know of a machine. */
export interface Container {
  /** At most 12 letters, digits and dashes: it names the network interface too. */
  readonly name: string;
  /** Folder of the machine's disk, console log and process id. */
  readonly folder: string;
  readonly volume?: Volume;
}

const ENVIRONMENT = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/root",
  "LANG=C.UTF-8",
];

export const consoleLog = (spec: Container): string => join(spec.folder, "console.log");

/** Folder of the machine's root file system. */
export const rootOf = (spec: Container): string => join(spec.folder, "root");

/** Process id of nspawn, if it still runs this very machine. */
export const containerPid = async (spec: Container): Promise<number | undefined> => {
  const pid = await readFile(join(spec.folder, "pid"), "utf8").catch(() => "");
  const command = await readFile(`/proc/${pid.trim()}/cmdline`, "utf8").catch(() => "");
  return pid && command.includes(rootOf(spec)) ? Number(pid) : undefined;
};

/** Process id, seen from outside, of the systemd inside. */
export const initPid = async (spec: Container): Promise<number | undefined> => {
  const pid = await containerPid(spec);
  if (pid === undefined) return undefined;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return Number(children.trim().split(" ")[0]) || undefined;
};

const nspawnArguments = async (spec: Container): Promise<string[]> => {
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

/** Starts systemd-nspawn; it outlives this process. */
export const startContainer = async (spec: Container): Promise<ChildProcess> => {
  const log = openSync(consoleLog(spec), "a");
  const nspawn = ["systemd-nspawn", ...(await nspawnArguments(spec))];
  const [file = "", ...args] = (await isInChroot()) ? [CHROOT_AS_ROOT, ...nspawn] : nspawn;
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", log, log],
    // Without it a machine with both cgroup versions gives the guest the old one, where podman fails.
    env: childEnvironment({ SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" }),
  });
  closeSync(log);
  child.unref();
  writeAtomically(join(spec.folder, "pid"), String(child.pid));
  return child;
};

/** Shows a volume to a machine that runs already, in the place of one that may be there. */
export const plug = async (spec: Container, volume: Volume): Promise<void> => {
  const { major, minor } = await deviceNumbers(await attachVolume(volume));
  const path = volumePath(volume);
  const made = await execInside(spec, [
    ...[
      "sh",
      "-c",
      'mkdir -p "$(dirname "$1")" && { umount "$1" 2>/dev/null || true; } && rm -f "$1" && mknod "$@"',
    ],
    ...["plug", path, "b", major, minor],
  ]);
  if (made.exitCode !== 0)
    throw new Error(`${spec.name} did not attach the volume ${volume.id}: ${made.stderr}`);
};

/** Runs a command as root inside. Throws only when the machine is off. */
export const execInside = async (
  spec: Container,
  command: readonly string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<ExecResult> => {
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
