import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Progress } from "../../lib/progress.ts";
import { publishImages, refuseOtherRegistry, startRegistry } from "../images/registry.ts";
import { ensureNetwork, NETWORK } from "./network.ts";

/** What machines need around them before the first boots. */
export interface HostPrerequisites {
  /** Public key of the sandbox's own operator; the private one lies beside it. */
  readonly sshKey: string;
  /** Registry that serves the images under their public names. */
  readonly endpoint: string;
  readonly references: readonly string[];
  readonly registryPid: number;
}

const REGISTRY_PORT = 5000;

/** Private key that opens the machines of a sandbox. */
export const identityFile = (folder: string): string => join(folder, "ssh", "id_ed25519");

/** Network, images and a key: minutes the first time, seconds after that. Needs root. */
export async function prepareHostPrerequisites(
  folder: string,
  references: readonly string[],
  progress: Progress,
): Promise<HostPrerequisites> {
  await ensureNetwork(progress);
  const endpoint = `${NETWORK.gateway}:${REGISTRY_PORT}`;
  const registryPid = await ownRegistry(folder, endpoint, progress);
  await publishImages({ endpoint }, references, progress);
  return { sshKey: await ownKey(folder), endpoint, references, registryPid };
}

const pidFile = (folder: string): string => join(folder, "registry.pid");

/** Throws a {@link Failure} where the machines of another sandbox run: before anything is built for these. */
export async function refuseOtherMachines(folder: string, address = NETWORK.gateway): Promise<void> {
  if (registryProcess(folder) === undefined) await refuseOtherRegistry(`${address}:${REGISTRY_PORT}`);
}

/**
 * Process of the registry of this sandbox, if it runs: also where what started it was killed before it said so. Sandboxes of
 * earlier versions have it in their session alone.
 */
export function registryProcess(folder: string, ofSession?: number): number | undefined {
  const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const pid = Number(read(pidFile(folder)) || ofSession);
  // The number may be another program's by now.
  return read(`/proc/${pid}/cmdline`).includes("registry\0serve") ? pid : undefined;
}

async function ownRegistry(folder: string, endpoint: string, progress: Progress): Promise<number> {
  const running = registryProcess(folder);
  if (running) return running;
  const { pid } = await startRegistry(endpoint, join(folder, "registry.log"), progress);
  writeFileSync(pidFile(folder), String(pid));
  return pid;
}

async function ownKey(folder: string): Promise<string> {
  const file = identityFile(folder);
  if (!existsSync(file)) {
    await mkdir(join(folder, "ssh"), { recursive: true, mode: 0o700 });
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "olympus-sandbox", "-f", file]);
  }
  return (await readFile(`${file}.pub`, "utf8")).trim();
}
