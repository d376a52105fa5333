import type { Fleet } from "../../config/index.ts";
import { tokenVariable } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { createHetznerClient } from "./hetzner.ts";
import type { PlanSummary } from "./plan/summary.ts";
import type { StackFolder } from "./terraform-process.ts";

/**
 * Throws a {@link Failure} where nothing is in the state and the environment exists all the same: its state lies elsewhere,
 * and a deploy would begin to make everything a second time.
 */
export async function refuseLostState(
  { stack, isFirst }: PlanSummary,
  fleet: Fleet,
  variables: StackFolder["variables"],
): Promise<void> {
  const isEnvironment = [fleet.reference, ...fleet.mirrors].some(({ name }) => name === stack);
  if (!isFirst || !isEnvironment) return;
  const token = variables[`TF_VAR_${tokenVariable("hcloud", stack)}`] ?? "";
  const found = await createHetznerClient(token, 1000, variables.HCLOUD_ENDPOINT).labelled(stack);
  if (!found.length) return;
  throw new Failure(
    [
      `The state of ${stack} is empty, but Hetzner has what bears its labels: ${found.join(", ")}.`,
      "This computer does not see the state that knows them (config/base.ts, state), or it is lost: docs/runbooks/provision.md.",
    ].join("\n"),
  );
}
