import { RELEASES } from "../../host/machine-layout.ts";
import { Failure } from "../../lib/failure.ts";
import type { MachineFacts } from "../shared/machine-facts.ts";
import { environmentNamed } from "../shared/target.ts";
import { type ChangeOptions, changeMachine, type Decision } from "./change.ts";
import type { ReleaseResult } from "./perform.ts";
import { rollbackChoices, rollbackPlan, rollbackTarget } from "./plan.ts";
import { machineObstacles, postgresObstacles } from "./preflight.ts";
import { parseServed, READ_SERVED, readRelease } from "./served.ts";
import { serviceLines } from "./service-changes.ts";
import { migrationObstacles } from "./version-steps.ts";

export interface RollbackOptions extends ChangeOptions {
  /** Id of a release on the machine that has served before; without it the one before the current. */
  readonly to?: string;
  /** The operator has read that the versions on both sides share their tables. */
  readonly acrossMigration?: boolean;
}

/** Puts an earlier release in charge again, with the plain values that it came with. Data and secrets stay. */
export async function rollback(
  environment: string,
  options: RollbackOptions,
): Promise<ReleaseResult["outcome"]> {
  environmentNamed(environment);
  return changeMachine(environment, options, async (facts, remote): Promise<Decision> => {
    const plan = rollbackPlan(facts, target(environment, facts, options.to));
    const read = async (script: string) => parseServed((await remote.run(script)).stdout);
    const [now, then] = [await read(READ_SERVED), await read(readRelease(`${RELEASES}/${plan.release}`))];
    const stops = plan.isDone
      ? []
      : [
          ...machineObstacles(facts),
          ...postgresObstacles(facts, then.images.get("IMAGE_POSTGRES") ?? ""),
          ...migrationObstacles(now, then, environment, options.acrossMigration),
        ];
    if (stops.length)
      throw new Failure(
        [`Nothing was changed on the machine of ${environment}:`, ...stops.map((stop) => `  ${stop}`)].join(
          "\n",
        ),
      );
    return { plan, notes: serviceLines(now, then) };
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
