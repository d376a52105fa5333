import { isThere } from "../../lib/cache.ts";
import { cacheDirectory } from "../../lib/process-env.ts";
import type { Progress } from "../../lib/progress.ts";
import { ensureTools, missingTools, requireRoot, type Tool } from "./tools.ts";

/** Something that takes long to make, once. */
export interface Artifact {
  readonly name: string;
  /** On two cores, everything downloaded anew. */
  readonly seconds: number;
  /** Kept in the cache; what Go keeps of its own comes on top. */
  readonly megabytes: number;
  make(progress: Progress): Promise<unknown>;
}

/** Everything that one use of this machine needs beforehand. */
export interface Preparation {
  readonly tools: readonly Tool[];
  readonly artifacts: readonly Artifact[];
  readonly needsRoot: boolean;
}

/**
 * Installs and builds what is missing, one after the other and without a limit of time: first it says what, how long and
 * how much disk. Can be stopped and run again. Throws a readable line when this is not root where that is needed.
 */
export async function prepare(
  { tools, artifacts, needsRoot }: Preparation,
  progress: Progress,
): Promise<void> {
  if (needsRoot) requireRoot("Making root file systems and machines");
  const packages = await missingTools([...new Set(tools)]);
  const missing = await missingOf(artifacts);
  if (packages.length) progress(`from packages: ${packages.join(", ")}`);
  if (missing.length) announce(missing, progress);
  await ensureTools(packages, progress);
  for (const artifact of artifacts) await artifact.make(progress);
}

async function missingOf(artifacts: readonly Artifact[]): Promise<Artifact[]> {
  const found = await Promise.all(artifacts.map(({ make }) => isThere(() => make(() => undefined))));
  return artifacts.filter((_, index) => !found[index]);
}

function announce(missing: readonly Artifact[], progress: Progress): void {
  const seconds = missing.reduce((sum, artifact) => sum + artifact.seconds, 0);
  const megabytes = missing.reduce((sum, artifact) => sum + artifact.megabytes, 0);
  progress(`once on this machine: ${missing.map(({ name }) => name).join(", ")}`);
  progress(
    `about ${Math.ceil(seconds / 60)} min of work on two cores, downloads aside; ${megabytes} MB in ${cacheDirectory()}, and up to ${GO_GIGABYTES} GB in Go's own caches (go clean -cache -modcache removes them)`,
  );
}

/** Module and build cache after everything was built. */
const GO_GIGABYTES = 9;
