import { existsSync } from "node:fs";
import { execa } from "execa";
import { childEnvironment, namedVariable } from "./process-env.ts";

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
  "ssh-keyscan": "openssh-client",
  ssh: "openssh-client",
  sshd: "openssh-server",
  jq: "jq",
  curl: "curl",
  openssl: "openssl",
  shellcheck: "shellcheck",
  python3: "python3",
  pip3: "python3-pip",
  "qemu-system-x86_64": "qemu-system-x86",
  git: "git",
  gh: "gh",
} as const;

/** A program that a package of Debian or Ubuntu brings. */
export type Tool = keyof typeof PACKAGES;

export const isRoot = (): boolean => process.getuid?.() === 0;

const has = async (tool: string): Promise<boolean> =>
  tool.startsWith("/")
    ? existsSync(tool)
    : (await execa("sh", ["-c", `command -v ${tool}`], { env: withSbin(), reject: false })).exitCode === 0;

/** Where Debian keeps nft, sshd and the like, and an ordinary user's PATH does not lead. */
const withSbin = (): Record<string, string> =>
  childEnvironment({ PATH: `${namedVariable("PATH") ?? ""}:/usr/local/sbin:/usr/sbin:/sbin` });

/** Those of `tools` that this machine lacks. */
export const missingTools = async (tools: readonly Tool[]): Promise<Tool[]> => {
  const found = await Promise.all(tools.map(has));
  return tools.filter((_, index) => !found[index]);
};

/** What installs these programs on Debian and Ubuntu, as root. */
export const installCommand = (tools: readonly Tool[]): string =>
  `apt-get install -y --no-install-recommends ${[...new Set(tools.flatMap((tool) => PACKAGES[tool].split(" ")))].join(" ")}`;

/** Whether this process can install packages by itself. */
export const installsPackages = async (): Promise<boolean> => isRoot() && (await has("apt-get"));

/** Whether a word is a program of the table. */
export const isTool = (name: string): name is Tool => Object.hasOwn(PACKAGES, name);
