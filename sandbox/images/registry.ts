import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { cacheDirectory, childEnvironment } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureProgram } from "../programs/programs.ts";
import { ensureImage } from "./images.ts";

/** A running local registry. It outlives this process: end it by its `pid`. */
export interface Registry {
  /** `address:port`, as an image reference begins. */
  readonly endpoint: string;
  readonly pid: number;
}

const START_LIMIT_MS = 10_000;

const answers = async (endpoint: string): Promise<boolean> => {
  try {
    return (await fetch(`http://${endpoint}/v2/`, { signal: AbortSignal.timeout(START_LIMIT_MS) })).ok;
  } catch {
    return false;
  }
};

/** Throws a {@link Failure} where another sandbox has its registry there: its machines have the same network. */
export async function refuseOtherRegistry(endpoint: string): Promise<void> {
  if (!(await answers(endpoint))) return;
  throw new Failure(
    `${endpoint} is already in use: another sandbox with machines runs on this computer, from another checkout or OLYMPUS_SANDBOX_DIR. Run \`./olympus sandbox down\` there, then this again. Nothing was started.`,
  );
}

/**
 * Starts a registry on `endpoint` (plain HTTP: loopback or the sandbox's own bridge only), logging to
 * `logFile`. Blobs stay in the cache, manifests in memory. Throws when it does not answer within 10 s.
 */
export const startRegistry = async (
  endpoint: string,
  logFile: string,
  progress: Progress,
): Promise<Registry> => {
  await refuseOtherRegistry(endpoint);
  const crane = await ensureProgram("crane", progress);
  const disk = join(cacheDirectory(), "registry");
  await mkdir(disk, { recursive: true });
  const log = openSync(logFile, "a");
  const args = ["registry", "serve", "--address", endpoint, "--disk", disk];
  const child = spawn(crane, args, { detached: true, stdio: ["ignore", log, log], env: childEnvironment() });
  closeSync(log);
  child.unref();
  const end = Date.now() + START_LIMIT_MS;
  while (!(await answers(endpoint))) {
    if (child.pid === undefined || child.exitCode !== null || Date.now() > end) {
      throw new Failure(`The registry did not start on ${endpoint}: see ${logFile}.`);
    }
    await sleep(50);
  }
  return { endpoint, pid: child.pid as number };
};

/** Builds what is missing and pushes each public reference to the registry, under its own full name. */
export const publishImages = async (
  registry: Pick<Registry, "endpoint">,
  references: readonly string[],
  progress: Progress,
): Promise<void> => {
  const crane = await ensureProgram("crane", progress);
  for (const reference of new Set(references)) {
    const layout = await ensureImage(reference, progress);
    await step(progress, `publish ${reference}`, () =>
      execa(crane, ["push", "--insecure", layout, `${registry.endpoint}/${reference.split("@")[0]}`]),
    );
  }
};

/** A registries.conf.d file: unchanged public names are asked of the local registry first. */
export const mirrorConfiguration = (endpoint: string, references: readonly string[]): string => {
  const hosts = [...new Set(references.map((reference) => reference.split("/")[0]))];
  return hosts
    .map(
      (host) => `[[registry]]
prefix = "${host}"
location = "${host}"

[[registry.mirror]]
location = "${endpoint}/${host}"
insecure = true
`,
    )
    .join("\n");
};
