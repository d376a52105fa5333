import { type Fleet, loadFleet } from "../../config/index.ts";
import { zoneStackName } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { isTerminal } from "../../lib/process-env.ts";
import { planStacks, planText } from "../delivery/plan.ts";
import { provision } from "../provision/provision.ts";
import { bringsChanges, releaseChanges } from "../release/changes.ts";
import type { ReleaseOptions } from "../release/release.ts";
import { hasChanges } from "../shared/plan/summary.ts";
import { confirm } from "../shared/prompt.ts";
import { environmentNamed } from "../shared/target.ts";
import { followDeploy } from "./follow-deploy.ts";
import { releaseToAny } from "./new-machine.ts";

export interface ApplyOptions extends ReleaseOptions {
  readonly yes?: boolean;
}

/**
 * Brings everything of this checkout to an environment in the order in which it takes effect: its zone's stack, its own stack, the
 * release, and what follows from a deploy at others. Shows it first and asks once; a stack whose plan is another one by then is not
 * applied. Killed at any step, the next run does the rest.
 */
export async function apply(name: string, options: ApplyOptions): Promise<"done" | "taken back" | "failed"> {
  const fleet: Fleet = loadFleet();
  const environment = environmentNamed(name);
  const outcomes = await planStacks([zoneStackName(environment.zone.name), name], fleet, { lock: true });
  const summaries = outcomes.flatMap((outcome) => (outcome.failed ? [] : [outcome.summary]));
  const changes = await releaseChanges(environment, options);
  console.log(planText(outcomes, [changes]));
  if (process.exitCode === 1) throw new Failure("Nothing was changed: the plan above cannot be applied.");
  process.exitCode = 0;
  const hasPlans = summaries.some(hasChanges);
  if (options.dryRun) return "done";
  if (hasPlans || bringsChanges(changes)) await requireConsent(name, options.yes);
  if (hasPlans) await provision(name, { approved: summaries });
  const outcome = bringsChanges(changes) ? await releaseToAny(name, options) : "done";
  if (outcome === "done") await followDeploy(name, options);
  return outcome;
}

async function requireConsent(name: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!isTerminal())
    throw new Failure("Without a terminal this cannot be approved. Read the plan, then run this with --yes.");
  console.log("After it: missing test people, and what GitHub and the clock must know of the machine.");
  if (!(await confirm(`Bring all of this to ${name}?`, false))) throw new Failure("Nothing was changed.");
}
