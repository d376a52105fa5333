import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { childEnvironment, namedVariable } from "../../lib/process-env.ts";
import { CHROOT_AS_ROOT, isInChroot } from "../programs/chroot.ts";
import { writeIfChanged } from "./files.ts";
import type { LocalPaths } from "./paths.ts";

/** What decides how podman must be set up here. */
export interface EngineFacts {
  /** Whether systemd runs this machine: else there is no journal and no slice for containers. */
  readonly systemd: boolean;
  /** Version 1 of cgroups, or both side by side: crun refuses what runc takes. */
  readonly oldCgroups: boolean;
  /** Whether the root of this process is not that of its mounts. */
  readonly chroot: boolean;
  /** Most open files a process may have, where nobody here may raise it. */
  readonly openFiles?: number;
}

const SYS_RESOURCE = 24n;

/** Looks at this machine. */
export async function engineFacts(): Promise<EngineFacts> {
  const status = await readFile("/proc/self/status", "utf8");
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const { stdout: limit } = await execa("sh", ["-c", "ulimit -Hn"]);
  const isBound = ((capabilities >> SYS_RESOURCE) & 1n) === 0n && /^\d+$/.test(limit);
  return {
    systemd: existsSync("/run/systemd/system"),
    oldCgroups: !existsSync("/sys/fs/cgroup/cgroup.controllers"),
    chroot: await isInChroot(),
    ...(isBound && { openFiles: Number(limit) }),
  };
}

/** containers.conf of a podman that shares nothing with the user's own. Adapted only where the machine requires it. */
export function engineConfiguration({ podman, runroot }: LocalPaths, facts: EngineFacts): string {
  const { systemd, oldCgroups, chroot, openFiles } = facts;
  const runtime = oldCgroups ? "runc" : "crun";
  return [
    "[containers]",
    ...(systemd ? [] : ['log_driver = "k8s-file"']),
    ...(openFiles ? [`default_ulimits = ["nofile=${openFiles}:${openFiles}", "nproc=30000:30000"]`] : []),
    "",
    "[engine]",
    `tmp_dir = "${join(runroot, "libpod")}"`,
    // Locks in shared memory are one set for all podmans of a machine.
    'lock_type = "file"',
    ...(systemd ? [] : ['cgroup_manager = "cgroupfs"', 'events_logger = "file"']),
    ...(oldCgroups || chroot ? [`runtime = "${runtime}"`] : []),
    ...(chroot ? ["", "[engine.runtimes]", `${runtime} = ["${join(podman, runtime)}"]`] : []),
    "",
    "[network]",
    `network_config_dir = "${join(podman, "networks")}"`,
    "",
  ].join("\n");
}

const storageConfiguration = ({ podman, runroot }: LocalPaths): string =>
  `[storage]\ndriver = "overlay"\ngraphroot = "${join(podman, "storage")}"\nrunroot = "${runroot}"\n`;

/** Writes the two files that {@link engineVariables} names. */
export async function prepareEngine(places: LocalPaths): Promise<void> {
  await mkdir(places.podman, { recursive: true, mode: 0o700 });
  await mkdir(places.runroot, { recursive: true, mode: 0o700 });
  const facts = await engineFacts();
  await writeIfChanged(files(places).engine, engineConfiguration(places, facts));
  await writeIfChanged(files(places).storage, storageConfiguration(places));
  const wrapper = facts.chroot ? await readFile(CHROOT_AS_ROOT, "utf8") : "";
  for (const runtime of wrapper ? ["runc", "crun"] : [])
    await writeIfChanged(join(places.podman, runtime), wrapper, 0o755);
}

const files = ({ podman }: LocalPaths) => ({
  engine: join(podman, "containers.conf"),
  storage: join(podman, "storage.conf"),
});

/** What a shell must set for `podman` to mean this one. */
export const engineVariables = (places: LocalPaths): Record<string, string> => ({
  CONTAINERS_CONF: files(places).engine,
  CONTAINERS_STORAGE_CONF: files(places).storage,
  // Podman's timers would not find this storage: whoever wants to know asks.
  DISABLE_HC_SYSTEMD: "true",
});

/** A podman of the sandbox's own. Answers the exit code instead of throwing where `reject` is false. */
export const podman = (
  places: LocalPaths,
  args: readonly string[],
  options: { readonly reject?: boolean; readonly env?: Record<string, string>; readonly input?: string } = {},
) =>
  execa("podman", args, {
    env: childEnvironment({ ...engineVariables(places), ...options.env }),
    extendEnv: false,
    reject: options.reject ?? true,
    input: options.input ?? "",
  });

/** PATH with a folder before everything else. */
export const pathBefore = (folder: string | undefined): string =>
  [folder, namedVariable("PATH")].filter(Boolean).join(delimiter);
