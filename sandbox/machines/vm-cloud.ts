import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { stringify } from "yaml";
import { childEnvironment } from "../../lib/process-env.ts";
import type { Progress } from "../../lib/progress.ts";
import { ensureNetwork, NETWORK } from "./network.ts";

/** What Hetzner's metadata service says about one server. */
export interface ServerMetadata {
  /** Id of the server: number of the instance and serial number in the DMI table. */
  readonly id: string;
  readonly hostname: string;
  readonly userData: string;
  readonly sshKeys: readonly string[];
}

/** A piece of network with the metadata service in it; `run` names what must stand before a command to be there. */
export interface CloudNetwork {
  readonly run: readonly string[];
  end(): void;
}

/** The address that every cloud serves its metadata on; it exists in a network namespace of our own only. */
const METADATA = "169.254.169.254";
export const MAC = "96:00:00:00:00:01";
const READY_LIMIT_MS = 10_000;

/** The two documents of https://docs.hetzner.cloud that cloud-init's DataSourceHetzner reads. */
async function writeDocuments(folder: string, facts: ServerMetadata): Promise<void> {
  const documents = join(folder, "hetzner", "v1");
  await mkdir(documents, { recursive: true });
  const subnets = [{ type: "dhcp", ipv4: true }];
  const metadata = {
    "instance-id": Number(facts.id),
    hostname: facts.hostname,
    "public-keys": facts.sshKeys,
    "network-config": {
      version: 1,
      config: [{ type: "physical", name: "eth0", mac_address: MAC, subnets }],
    },
  };
  // cloud-init reads YAML 1.1, where a hardware address without letters is a number in base 60 unless it is quoted.
  await writeFile(join(documents, "metadata"), stringify(metadata, { version: "1.1" }));
  await writeFile(join(documents, "userdata"), facts.userData);
}

/**
 * Makes a namespace that is `address` on the sandbox's bridge, with the metadata of one server in it. The service holds
 * the namespace: when it ends, nothing of it stays. Needs root.
 */
export async function startCloudNetwork(
  folder: string,
  address: string,
  facts: ServerMetadata,
  progress: Progress,
): Promise<CloudNetwork> {
  await ensureNetwork(progress);
  await writeDocuments(folder, facts);
  const service = `ip link set lo up && ip addr add ${METADATA}/32 dev lo && exec busybox httpd -f -p ${METADATA}:80 -h "$1"`;
  const { pid } = spawn("unshare", ["--net", "sh", "-c", service, "metadata", folder], {
    detached: true,
    stdio: "ignore",
    env: childEnvironment(),
  }).on("error", () => undefined);
  if (pid === undefined) throw new Error("unshare did not start: a network namespace needs root.");
  const run = ["nsenter", "-t", String(pid), "-n", "--"];
  const end = (): void => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone already, and that is what was asked for.
    }
  };
  try {
    await until(() => answers(run));
    await connectTo(pid, address, run);
    return { run, end };
  } catch (error) {
    end();
    throw error;
  }
}

const answers = async (run: readonly string[]): Promise<boolean> => {
  const url = `http://${METADATA}/hetzner/v1/metadata`;
  const [file = "", ...args] = [...run, "busybox", "wget", "-q", "-O", "-", url];
  return (await execa(file, args, { reject: false })).exitCode === 0;
};

async function until(done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + READY_LIMIT_MS;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`The metadata service did not answer on ${METADATA}.`);
    await sleep(50);
  }
}

async function connectTo(pid: number, address: string, run: readonly string[]): Promise<void> {
  const outer = `vm${pid}`;
  const peer = ["type", "veth", "peer", "name", "up0", "netns", String(pid)];
  await execa("ip", ["link", "add", outer, ...peer]);
  await execa("ip", ["link", "set", outer, "master", NETWORK.bridge, "up"]);
  for (const words of [
    ["addr", "add", `${address}/${NETWORK.prefix}`, "dev", "up0"],
    ["link", "set", "up0", "up"],
    ["route", "add", "default", "via", NETWORK.gateway],
  ]) {
    const [file = "", ...args] = [...run, "ip", ...words];
    await execa(file, args);
  }
}
