import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import type { Progress } from "../../lib/progress.ts";
import { mirrorConfiguration } from "../images/registry.ts";
import { ensureRootFileSystem } from "../programs/root-file-systems.ts";
import { NETWORK } from "./network.ts";

/** What a cloud would hand to the new server. */
export interface Seed {
  readonly hostname: string;
  /** IPv4 address on the sandbox's bridge, without prefix. */
  readonly address: string;
  readonly userData: string;
  /** Public keys that the cloud gives to the default user. */
  readonly sshKeys: readonly string[];
  /** The sandbox's own, which opens its machines whatever a release makes of the others. */
  readonly sandboxKey?: string;
}

/** Where images come from instead of the internet. */
export interface Mirror {
  readonly endpoint: string;
  readonly references: readonly string[];
}

const put = async (root: string, path: string, text: string, mode = 0o644): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode });
};

const resolverText = async (): Promise<string> => {
  // The stub of systemd-resolved listens on this machine's loopback, which a guest cannot reach.
  const real = "/run/systemd/resolve/resolv.conf";
  return await readFile(existsSync(real) ? real : "/etc/resolv.conf", "utf8");
};

const networkConfig = (address: string): string =>
  stringify({
    version: 2,
    ethernets: {
      host0: {
        addresses: [`${address}/${NETWORK.prefix}`],
        routes: [{ to: "default", via: NETWORK.gateway }],
      },
    },
  });

const seedCloudInit = async (root: string, seed: Seed): Promise<void> => {
  const folder = "var/lib/cloud/seed/nocloud";
  const metadata = {
    "instance-id": `${seed.hostname}-${Date.now()}`,
    "local-hostname": seed.hostname,
    "public-keys": seed.sshKeys,
  };
  await put(root, `${folder}/user-data`, seed.userData, 0o600);
  await put(root, `${folder}/meta-data`, stringify(metadata));
  await put(root, `${folder}/network-config`, networkConfig(seed.address));
  await put(
    root,
    "etc/cloud/cloud.cfg.d/99-sandbox.cfg",
    "datasource_list: [ NoCloud ]\nmanage_etc_hosts: true\n",
  );
};

const RUNTIME_WRAPPER = join("sandbox", "machines", "machine", "crun-without-limits");

/** Hard limit of open files that this machine allows; a guest cannot go above it. */
const openFilesLimit = async (): Promise<string> => (await execa("sh", ["-c", "ulimit -Hn"])).stdout.trim();

/** Whether the kernel can limit memory in a guest: not where it still serves that to cgroup version 1. */
const hasMemoryController = async (): Promise<boolean> =>
  (await readFile("/sys/fs/cgroup/cgroup.controllers", "utf8").catch(() => "")).includes("memory");

const limitPodman = async (root: string): Promise<void> => {
  const files = await openFilesLimit();
  const lines = ["[containers]", "pids_limit = 0"];
  if (files !== "unlimited")
    lines.push(`default_ulimits = ["nofile=${files}:${files}", "nproc=30000:30000"]`);
  if (!(await hasMemoryController())) {
    const wrapper = "usr/local/libexec/crun-without-limits";
    await put(root, wrapper, await readFile(RUNTIME_WRAPPER, "utf8"), 0o755);
    lines.push("[engine.runtimes]", `crun = ["/${wrapper}"]`);
  }
  await put(root, "etc/containers/containers.conf.d/90-sandbox.conf", `${lines.join("\n")}\n`);
};

/** A release takes away the keys of the first boot. The first of several values counts, and files are read in their order. */
const letSandboxIn = async (root: string, key: string): Promise<void> => {
  await put(root, "etc/ssh/sandbox_keys", `${key}\n`);
  await put(
    root,
    "etc/ssh/sshd_config.d/05-sandbox.conf",
    "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u /etc/ssh/sandbox_keys\n",
  );
};

/**
 * Unpacks Debian 13 into `root` and lays the seed of cloud-init beside it. What only the sandbox needs
 * (resolver, image mirror, limits that a container in a container must have) goes into drop-in files.
 */
export const prepareRoot = async (
  root: string,
  seed: Seed,
  mirror: Mirror | undefined,
  progress: Progress,
): Promise<void> => {
  const tar = await ensureRootFileSystem("debian-13", progress);
  await mkdir(root, { recursive: true });
  await execa("tar", ["-C", root, "--numeric-owner", "-xpf", tar]);
  await execa("rm", ["-f", join(root, "etc/resolv.conf")]);
  await put(root, "etc/resolv.conf", await resolverText());
  await seedCloudInit(root, seed);
  await limitPodman(root);
  if (seed.sandboxKey) await letSandboxIn(root, seed.sandboxKey);
  if (mirror) {
    const text = mirrorConfiguration(mirror.endpoint, mirror.references);
    await put(root, "etc/containers/registries.conf.d/90-sandbox.conf", text);
  }
};
