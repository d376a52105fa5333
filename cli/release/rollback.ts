import { Failure } from "../../lib/failure.ts";
import type { MachineFacts } from "../shared/machine-facts.ts";
import { environmentNamed } from "../shared/target.ts";
import { type ChangeOptions, changeMachine, type Decision } from "./change.ts";
import type { ReleaseResult } from "./perform.ts";
import { rollbackChoices, rollbackPlan, rollbackTarget } from "./plan.ts";
import { machineObstacles } from "./preflight.ts";

export interface RollbackOptions extends ChangeOptions {
  /** Id of a release on the machine that has served before; without it the one before the current. */
  readonly to?: string;
}

/** Puts an earlier release in charge again, with the plain values that it came with. Data and secrets stay. */
export async function rollback(
  environment: string,
  options: RollbackOptions,
): Promise<ReleaseResult["outcome"]> {
  environmentNamed(environment);
  return changeMachine(environment, options, (facts): Decision => {
    const plan = rollbackPlan(facts, target(environment, facts, options.to));
    const stops = plan.isDone ? [] : machineObstacles(facts);
    if (stops.length)
      throw new Failure(
        [`Nothing was changed on the machine of ${environment}:`, ...stops.map((stop) => `  ${stop}`)].join(
          "\n",
        ),
      );
    return { plan, notes: [] };
  });
}

function target(environment: string, facts: MachineFacts, to: string | undefined): string {
  const choices = rollbackChoices(facts);
  const list = choices.map((id) => (id === facts.current ? `  ${id}  current` : `  ${id}`));
  if (to !== undefined && !choices.includes(to))
    throw new Failure([`--to ${to}: ${environment} can go back to`, ...list].join("\n"));
  const id = to ?? rollbackTarget(facts);
  if (!id) throw new Failure([`${environment} has nothing to go back to; it holds`, ...list].join("\n"));
  return id;
}
