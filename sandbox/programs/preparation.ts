import { isThere } from "../../lib/cache.ts";
import { type MachineNeeds, requireMachine } from "../../lib/machine-needs.ts";
import { missingTools } from "../../lib/machine-tools.ts";
import { cacheDirectory } from "../../lib/process-env.ts";
import type { Progress } from "../../lib/progress.ts";
import { ensureTools } from "./tools.ts";

/** Something that takes long to make, once. */
export interface Artifact {
  readonly name: string;
  /** On two cores, everything downloaded anew. */
  readonly seconds: number;
  /** Kept in the cache; what Go keeps of its own comes on top. */
  readonly megabytes: number;
  /** Whether Go builds it. */
  readonly needsGo?: boolean;
  make(progress: Progress): Promise<unknown>;
}

/** Everything that one use of this machine needs beforehand. */
export interface Preparation {
  /** What for, as a person calls it. */
  readonly purpose: string;
  readonly needs: MachineNeeds;
  readonly artifacts: readonly Artifact[];
}

/**
 * Installs and builds what is missing, one after the other and without a limit of time: first it says what, how long and
 * how much disk. Can be stopped and run again. Throws one list of all that this computer lacks, before anything is made.
 */
export async function prepare(preparation: Preparation, progress: Progress): Promise<void> {
  const missing = await requirePreparable([preparation]);
  const packages = await missingTools([...new Set(preparation.needs.tools)]);
  if (packages.length) progress(`from packages: ${packages.join(", ")}`);
  if (missing.length) announce(missing, progress);
  await ensureTools(packages, progress);
  for (const artifact of preparation.artifacts) await artifact.make(progress);
}

/** Throws one list of all that this computer lacks to prepare these. What is still to be made. */
export async function requirePreparable(preparations: readonly Preparation[]): Promise<readonly Artifact[]> {
  const missing = await missingOf(preparations.flatMap(({ artifacts }) => artifacts));
  const needs = preparations.map((preparation) => preparation.needs);
  const needsGo = missing.some((artifact) => artifact.needsGo);
  await requireMachine(
    preparations.map(({ purpose }) => purpose).join(" and "),
    {
      tools: needs.flatMap(({ tools }) => tools),
      // What is built already needs no compiler.
      programs: needs.flatMap(({ programs }) => programs).filter((name) => name !== "go" || needsGo),
      root: needs.some(({ root }) => root),
      memoryGb: Math.max(...needs.map(({ memoryGb = 0 }) => memoryGb)),
      diskMb: sum(missing.map(megabytesOf)),
    },
    true,
  );
  return missing;
}

async function missingOf(artifacts: readonly Artifact[]): Promise<Artifact[]> {
  const found = await Promise.all(artifacts.map(({ make }) => isThere(() => make(() => undefined))));
  return artifacts.filter((_, index) => !found[index]);
}

function announce(missing: readonly Artifact[], progress: Progress): void {
  const seconds = sum(missing.map((artifact) => artifact.seconds));
  const megabytes = sum(missing.map((artifact) => artifact.megabytes));
  progress(`once on this machine: ${missing.map(({ name }) => name).join(", ")}`);
  progress(
    `about ${Math.ceil(seconds / 60)} min of work on two cores, downloads aside; ${megabytes} MB in ${cacheDirectory()}, and up to ${GO_GIGABYTES} GB in Go's own caches (go clean -cache -modcache removes them)`,
  );
}

/** Module and build cache after everything was built, which takes so many seconds. */
const GO_GIGABYTES = 9;
const GO_SECONDS = 1087;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** With what Go keeps for itself, which grows with what it builds. */
const megabytesOf = ({ megabytes, seconds, needsGo }: Artifact): number =>
  megabytes + (needsGo ? (seconds / GO_SECONDS) * GO_GIGABYTES * 1000 : 0);
