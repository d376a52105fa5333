import { resolve } from "node:path";
import { type Fleet, loadFleet } from "../../config/index.ts";
import { Failure } from "../../lib/failure.ts";
import { callerDirectory } from "../../lib/process-env.ts";
import { stderrProgress as progress, step } from "../../lib/progress.ts";
import {
  bringsChanges,
  type ReleaseChanges,
  releaseChanges,
  releaseChangesText,
} from "../release/changes.ts";
import { refuseLostState } from "../shared/lost-state.ts";
import { withOrderability } from "../shared/orderable.ts";
import { hasChanges } from "../shared/plan/summary.ts";
import { type PlanOutcome, writeOutcome } from "../shared/plan/summary-file.ts";
import { planAsText } from "../shared/plan/text.ts";
import { withRevoked } from "../shared/revoked.ts";
import { stackNames } from "../shared/stack-names.ts";
import { outputsOf, planStack, synthesize } from "../shared/terraform.ts";
import type { StackFolder } from "../shared/terraform-process.ts";
import { hibernatedValue, tokenVariables } from "../shared/tokens.ts";
import { unknownLines, unknownResources } from "../shared/unknown-resources.ts";

export interface PlanOptions {
  readonly json?: boolean;
  /** Folder that takes one summary for each stack. */
  readonly out?: string;
  /** False with `--no-lock`. */
  readonly lock: boolean;
}

/**
 * Prints what a deploy of the stacks would do; all stacks when none is named. Exit code: 0 nothing, 2 something,
 * 1 a stack could not be planned, or its deploy would be refused.
 */
export async function plan(names: readonly string[], options: PlanOptions): Promise<void> {
  const fleet = loadFleet();
  const stacks = chosen(names, fleet);
  const outcomes = await planStacks(stacks, fleet, options);
  if (options.json) return console.log(JSON.stringify(outcomes, null, 2));
  // A pipeline has no way to the machines, and its report says what a release would be.
  const releases = options.out ? [] : await releasesOf(stacks, fleet);
  console.log(planText(outcomes, releases));
}

/** Synthesizes and plans the stacks, in this order. */
export async function planStacks(
  stacks: readonly string[],
  fleet: Fleet,
  options: PlanOptions,
): Promise<PlanOutcome[]> {
  await synthesize();
  const outcomes: PlanOutcome[] = [];
  for (const stack of stacks) {
    const outcome = await step(progress, `plan ${stack}`, () => planned(stack, fleet, options));
    if (options.out) writeOutcome(resolve(callerDirectory(), options.out), outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

const environmentsOf = (fleet: Fleet) => [fleet.reference, ...fleet.mirrors];

const releasesOf = (stacks: readonly string[], fleet: Fleet): Promise<ReleaseChanges[]> =>
  Promise.all(
    environmentsOf(fleet)
      .filter(({ name }) => stacks.includes(name))
      .map(({ environment }) => releaseChanges(environment, {})),
  );

/** What the stacks and the machines would become, and which commands bring it, in their order. */
export function planText(outcomes: readonly PlanOutcome[], releases: readonly ReleaseChanges[]): string {
  const commands = releases.flatMap(({ environment }) => `./olympus apply ${environment}`);
  const hasWork =
    outcomes.some((outcome) => !outcome.failed && hasChanges(outcome.summary)) ||
    releases.some((release) => release.unknown === undefined && bringsChanges(release));
  return [
    ...outcomes.map(described),
    ...releases.map(releaseChangesText),
    ...(hasWork && commands.length
      ? [`To bring it: ${commands.join(", then ")} (the zone's stack, the environment's, then the release)`]
      : []),
  ].join("\n\n");
}

function chosen(names: readonly string[], fleet: Fleet): readonly string[] {
  const known = stackNames(fleet);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length)
    throw new Failure(`No such stack: ${unknown.join(", ")}. There are ${known.join(", ")}.`);
  return names.length ? names : known;
}

/** One stack's failure does not hide the others' plans. */
async function planned(stack: string, fleet: Fleet, { lock }: PlanOptions): Promise<PlanOutcome> {
  try {
    const folder = folderOfActualState(
      stack,
      await outputsOf({ stack, variables: tokenVariables([stack], fleet) }),
      fleet,
    );
    const { changed, json } = await planStack(folder, lock);
    const revoked = await withRevoked(stack, json, folder.variables);
    const summary = await withOrderability(revoked, json, folder.variables);
    await refuseLostState(summary, fleet, folder.variables);
    if (summary.stateful.some(({ kind }) => kind === "refused")) process.exitCode = 1;
    // What cannot be asked must not hide the plan: a wrong zone id is refused to us, and its outages are in there.
    const unknown = await unknownResources(folder, fleet, json).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      console.error(`${stack}: what the clouds hold beside its state is not known. ${error.message}`);
      process.exitCode = 1;
      return [];
    });
    if (unknown.some(({ isInTheWay }) => isInTheWay)) process.exitCode = 1;
    if ((changed || summary.stateful.length || unknown.length) && process.exitCode !== 1)
      process.exitCode = 2;
    return { stack, failed: false, summary, ...(unknown.length && { unknown }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return { stack, failed: true, reason: error.message };
  }
}

/** A stack whose server is away for the night is planned without it: what sleeps has not drifted. */
function folderOfActualState(
  stack: string,
  { hibernated }: Readonly<Record<string, unknown>>,
  fleet: Fleet,
): StackFolder {
  const variables = tokenVariables([stack], fleet);
  if (typeof hibernated !== "string" || !hibernated) return { stack, variables };
  progress(
    `${stack} sleeps: planned without its server. A plain deploy orders it again, as \`olympus wake\` does`,
  );
  return { stack, variables: { ...variables, ...hibernatedValue(stack, hibernated) } };
}

const described = (outcome: PlanOutcome): string =>
  outcome.failed
    ? `${outcome.stack}: could not be planned, see above`
    : [planAsText(outcome.summary), ...unknownLines(outcome.unknown)].join("\n");
