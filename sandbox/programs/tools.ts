import { join } from "node:path";
import { execa } from "execa";
import { withLock } from "../../lib/cache.ts";
import { cacheDirectory } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";

/** Command -> package of Debian and Ubuntu that brings it. */
const PACKAGES = {
  busybox: "busybox-static",
  // With the keys that Debian signs with: Ubuntu does not have them.
  mmdebstrap: "mmdebstrap debian-archive-keyring",
  "systemd-nspawn": "systemd-container",
  podman: "podman",
  runc: "runc",
  nsenter: "util-linux",
  iptables: "iptables",
  "mkfs.ext4": "e2fsprogs",
  losetup: "mount",
  ip: "iproute2",
  "ssh-keygen": "openssh-client",
  jq: "jq",
  curl: "curl",
  ssh: "openssh-client",
  "qemu-system-x86_64": "qemu-system-x86",
} as const;

export type Tool = keyof typeof PACKAGES;

const isRoot = (): boolean => process.getuid?.() === 0;

const has = async (tool: string): Promise<boolean> =>
  (await execa("sh", ["-c", `command -v ${tool}`], { reject: false })).exitCode === 0;

/** Those of `tools` that this machine lacks. */
export const missingTools = async (tools: readonly Tool[]): Promise<Tool[]> => {
  const found = await Promise.all(tools.map(has));
  return tools.filter((_, index) => !found[index]);
};

/**
 * Installs what is missing with apt-get. Throws with the command to type when this is not root or not
 * Debian or Ubuntu.
 */
export const ensureTools = async (tools: readonly Tool[], progress: Progress): Promise<void> => {
  const missing = await missingTools(tools);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => PACKAGES[tool]))];
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (!isRoot() || !(await has("apt-get"))) {
    throw new Error(`Missing on this machine: ${missing.join(", ")}. As root, run: ${command}`);
  }
  await withLock(join(cacheDirectory(), "apt.lock"), () =>
    step(progress, command, async () => {
      await execa("apt-get", ["update", "-qq"], { env: { DEBIAN_FRONTEND: "noninteractive" } });
      await execa("sh", ["-c", command], { env: { DEBIAN_FRONTEND: "noninteractive" } });
    }),
  );
};

/** Root without which neither a root file system nor a machine can be made; throws a line that says so. */
export const requireRoot = (purpose: string): void => {
  if (!isRoot()) throw new Error(`${purpose} needs root: run the same command with sudo.`);
};
