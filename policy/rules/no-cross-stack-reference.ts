import { stackOf } from "../examples.ts";
import { object } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "no-cross-stack-reference",
  reason:
    "A stack that reads another's state cannot be planned before it, and environments that share a value are not isolated.",
  remedy: "Share constants in the configuration; let no stack read another.",
  check: (subjects) =>
    subjects
      .filter(({ document }) => "terraform_remote_state" in object(object(document).data))
      .map(({ stack }) => ({
        stack,
        path: "data.terraform_remote_state",
        found: "reads another stack's state",
      })),
  passing: [stackOf({ data: {} })],
  failing: [stackOf({ data: { terraform_remote_state: { prod: {} } } })],
};
