import { existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { mayNotMake, NotPrepared, withLock } from "../../lib/cache.ts";
import { cacheDirectory } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";

/** Command, or path of a file -> the packages of Debian and Ubuntu that bring it. */
const PACKAGES = {
  busybox: "busybox-static",
  // With the keys that Debian signs with: Ubuntu does not have them.
  mmdebstrap: "mmdebstrap debian-archive-keyring",
  "systemd-nspawn": "systemd-container",
  podman: "podman",
  // What resolves names between containers: podman on Debian 12 only recommends neither, and netavark not at all.
  "/usr/lib/podman/aardvark-dns": "aardvark-dns netavark",
  runc: "runc",
  nsenter: "util-linux",
  iptables: "iptables",
  nft: "nftables",
  "mkfs.ext4": "e2fsprogs",
  losetup: "mount",
  ip: "iproute2",
  ps: "procps",
  "ssh-keygen": "openssh-client",
  ssh: "openssh-client",
  sshd: "openssh-server",
  jq: "jq",
  curl: "curl",
  openssl: "openssl",
  shellcheck: "shellcheck",
  python3: "python3",
  pip3: "python3-pip",
  "qemu-system-x86_64": "qemu-system-x86",
} as const;

export type Tool = keyof typeof PACKAGES;

/** What a machine of the sandbox, its images and its clouds need of this one. */
export const MACHINE_TOOLS: readonly Tool[] = [
  ...([
    "busybox",
    "mmdebstrap",
    "podman",
    "systemd-nspawn",
    "nsenter",
    "iptables",
    "mkfs.ext4",
    "losetup",
    "ip",
  ] as const),
  ...(["ps", "ssh", "ssh-keygen", "jq", "curl", "openssl"] as const),
];

/** What the tests of an operator's verbs call. */
export const OPERATOR_TOOLS: readonly Tool[] = ["ssh", "ssh-keygen", "jq", "curl", "openssl"];

/** What the tests on machines call beside {@link MACHINE_TOOLS}. */
export const TEST_TOOLS: readonly Tool[] = [
  ...([
    "podman",
    "/usr/lib/podman/aardvark-dns",
    "runc",
    "nft",
    "sshd",
    "shellcheck",
    "python3",
    "pip3",
  ] as const),
];

const isRoot = (): boolean => process.getuid?.() === 0;

const has = async (tool: string): Promise<boolean> =>
  tool.startsWith("/")
    ? existsSync(tool)
    : (await execa("sh", ["-c", `command -v ${tool}`], { reject: false })).exitCode === 0;

/** Those of `tools` that this machine lacks. */
export const missingTools = async (tools: readonly Tool[]): Promise<Tool[]> => {
  const found = await Promise.all(tools.map(has));
  return tools.filter((_, index) => !found[index]);
};

/**
 * Installs what is missing with apt-get. Throws with the command to type when this is not root or not
 * Debian or Ubuntu, and {@link NotPrepared} where nothing may be installed.
 */
export const ensureTools = async (tools: readonly Tool[], progress: Progress): Promise<void> => {
  const missing = await missingTools(tools);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap((tool) => PACKAGES[tool].split(" ")))];
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (mayNotMake()) throw new NotPrepared(`${missing.join(", ")} of the packages ${packages.join(", ")}`);
  if (!isRoot() || !(await has("apt-get"))) {
    throw new Error(`Missing on this machine: ${missing.join(", ")}. As root, run: ${command}`);
  }
  await withLock(join(cacheDirectory(), "apt.lock"), () =>
    step(progress, command, () => withoutServices(() => install(command))),
  );
};

const install = async (command: string): Promise<void> => {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execa("apt-get", ["update", "-qq"], { env });
  await execa("sh", ["-c", command], { env });
};

const POLICY = "/usr/sbin/policy-rc.d";

/** Debian's own way to install a server, such as sshd, without starting it. A policy that is there already stays. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return work();
  await writeFile(POLICY, "#!/bin/sh\nexit 101\n");
  await chmod(POLICY, 0o755);
  try {
    await work();
  } finally {
    await rm(POLICY, { force: true });
  }
}

/** Root without which neither a root file system nor a machine can be made; throws a line that says so. */
export const requireRoot = (purpose: string): void => {
  if (!isRoot()) throw new Error(`${purpose} needs root: run the same command with sudo.`);
};
