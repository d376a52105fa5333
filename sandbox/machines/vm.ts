import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { childEnvironment } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { lastLines } from "../../lib/text.ts";
import { ensureTools, requireRoot } from "../programs/tools.ts";
import type { ExecResult } from "./nspawn.ts";
import { qmp } from "./qmp.ts";
import { type CloudNetwork, MAC, type ServerMetadata, startCloudNetwork } from "./vm-cloud.ts";
import { ensureVmDisk } from "./vm-disk.ts";
import { ensureImageFile, type Volume } from "./volume.ts";

export interface VmSpec extends ServerMetadata {
  /** Folder of its disk, console log and sockets. */
  readonly folder: string;
  /** IPv4 address on the sandbox's bridge: its `ports` answer there. */
  readonly address: string;
  readonly ports: readonly number[];
  /** Private key of one of `sshKeys`. */
  readonly identity: string;
}

/** A Debian 13 with a kernel of its own: emulated, so that it needs no KVM, and told that it is at Hetzner. */
export interface Vm {
  /** Runs a shell script as root, through ssh; answers the exit code instead of throwing. 255 is ssh's own. */
  exec(script: string): Promise<ExecResult>;
  /** Plugs the volume in while the machine runs, as the cloud does. */
  attach(volume: Volume): Promise<void>;
  detach(volume: Volume): Promise<void>;
  /** Waits until ssh answers; throws with the end of the console after the limit. */
  waitForSsh(): Promise<void>;
  /** Ends the emulator at once and removes the disk; volumes stay. */
  destroy(): Promise<void>;
}

const SSH_LIMIT_MS = 600_000;
const USER = "olympus";
const CONNECT_SECONDS = 10;
const DETACH_TRIES = 60;

const emulator = (spec: VmSpec, kernel: string, initrd: string): string[] => {
  const forward = [22, ...spec.ports].map((port) => `hostfwd=tcp:${spec.address}:${port}-:${port}`);
  return [
    ...["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-cpu", "max"],
    // One processor: with more, the kernel that patches its own code under emulation meets its own breakpoint (int3).
    ...["-smp", "1", "-m", "2048", "-display", "none", "-nodefaults"],
    ...["-serial", "stdio", "-qmp", `unix:${join(spec.folder, "qmp")},server=on,wait=off`],
    ...["-smbios", `type=1,manufacturer=Hetzner,product=vServer,serial=${spec.id}`],
    ...["-kernel", kernel, "-initrd", initrd],
    ...["-append", "root=/dev/vda rw console=ttyS0 net.ifnames=0"],
    ...["-drive", `file=${join(spec.folder, "disk.img")},format=raw,if=virtio,cache=unsafe,discard=unmap`],
    ...["-netdev", ["user", "id=n0", ...forward].join(",")],
    ...["-device", `virtio-net-pci,netdev=n0,mac=${MAC}`, "-device", "virtio-rng-pci"],
    ...["-device", "virtio-scsi-pci,id=scsi0"],
  ];
};

const startEmulator = (spec: VmSpec, command: readonly string[]): ChildProcess => {
  const [file = "", ...args] = command;
  const log = openSync(join(spec.folder, "console.log"), "a");
  const child = spawn(file, args, {
    detached: true,
    stdio: ["ignore", log, log],
    env: childEnvironment(),
  });
  closeSync(log);
  return child;
};

const ssh = async (spec: VmSpec, script: string): Promise<ExecResult> => {
  // The machine is made anew under the same address, each time with other host keys.
  const options = [
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "LogLevel=ERROR",
    "BatchMode=yes",
  ];
  const args = [...options, `ConnectTimeout=${CONNECT_SECONDS}`].flatMap((option) => ["-o", option]);
  const target = ["-i", spec.identity, `${USER}@${spec.address}`, "sudo", "sh"];
  const result = await execa("ssh", [...args, ...target], { input: script, reject: false });
  return { exitCode: result.exitCode ?? 124, stdout: result.stdout.trim(), stderr: result.stderr };
};

const waitForSsh = async (spec: VmSpec, child: ChildProcess): Promise<void> => {
  const end = Date.now() + SSH_LIMIT_MS;
  while ((await ssh(spec, "true")).exitCode !== 0) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > end) {
      const last = lastLines(await readFile(join(spec.folder, "console.log"), "utf8"), 20);
      throw new Error(`${spec.hostname} ${ended ? "ended" : "does not answer ssh"}:\n${last}`);
    }
    await sleep(1000);
  }
};

const destroy = async (spec: VmSpec, child: ChildProcess, network: CloudNetwork): Promise<void> => {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) await gone;
  network.end();
  await rm(spec.folder, { recursive: true, force: true });
};

/** Shows the disk as Hetzner does: udev makes /dev/disk/by-id/scsi-0HC_Volume_<id> of vendor, product and serial. */
const attach = async (spec: VmSpec, volume: Volume): Promise<void> => {
  await ensureImageFile(volume);
  const drive = `drive-${volume.id}`;
  const driver = { driver: "raw", "node-name": drive, file: { driver: "file", filename: volume.image } };
  const identity = { vendor: "HC", product: "Volume", serial: volume.id, device_id: volume.id };
  const device = { driver: "scsi-hd", id: `volume-${volume.id}`, bus: "scsi0.0", drive, ...identity };
  await qmp(
    join(spec.folder, "qmp"),
    { execute: "blockdev-add", arguments: driver },
    { execute: "device_add", arguments: device },
  );
};

const detach = async (spec: VmSpec, volume: Volume): Promise<void> => {
  const socket = join(spec.folder, "qmp");
  await qmp(socket, { execute: "device_del", arguments: { id: `volume-${volume.id}` } });
  const remove = { execute: "blockdev-del", arguments: { "node-name": `drive-${volume.id}` } };
  // It is refused until the guest has let go of the disk.
  for (let left = DETACH_TRIES; ; left -= 1) {
    try {
      return await qmp(socket, remove);
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
};

/** Makes a new virtual machine from an unmodified `user_data` and starts it; it still boots when this returns. */
export const startVm = async (spec: VmSpec, progress: Progress): Promise<Vm> => {
  requireRoot("The network of a virtual machine");
  await ensureTools(["qemu-system-x86_64", "busybox", "ssh", "nsenter"], progress);
  const disk = await ensureVmDisk(spec.userData, progress);
  await mkdir(spec.folder, { recursive: true });
  const copy = ["--sparse=always", disk.image, join(spec.folder, "disk.img")];
  await step(progress, `disk of ${spec.hostname}`, () => execa("cp", copy));
  const network = await startCloudNetwork(join(spec.folder, "metadata"), spec.address, spec, progress);
  const child = startEmulator(spec, [...network.run, ...emulator(spec, disk.kernel, disk.initrd)]);
  return {
    exec: (script) => ssh(spec, script),
    attach: (volume) => attach(spec, volume),
    detach: (volume) => detach(spec, volume),
    waitForSsh: () => step(progress, `ssh on ${spec.hostname}`, () => waitForSsh(spec, child)),
    destroy: () => destroy(spec, child, network),
  };
};
