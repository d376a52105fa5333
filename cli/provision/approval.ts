import { isDeepStrictEqual } from "node:util";
import { Failure } from "../../lib/failure.ts";
import type { PlanSummary } from "../shared/plan/summary.ts";
import { planAsText } from "../shared/plan/text.ts";

const planned = ({ changes, outputs, stateful }: PlanSummary) => ({ changes, outputs, stateful });

/** Throws a {@link Failure} unless a stack's plan does exactly what was approved of it. */
export function requireApproved(plan: PlanSummary, approved: readonly PlanSummary[]): void {
  const seen = approved.find(({ stack }) => stack === plan.stack);
  if (seen && isDeepStrictEqual(planned(seen), planned(plan))) return;
  throw new Failure(
    [
      planAsText(plan),
      `${plan.stack}: this is not the plan that was approved; something has changed in between. Nothing of it was applied: look at it, and run the same command again.`,
    ].join("\n"),
  );
}
