import { stackOf } from "../examples.ts";
import { object, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "state-s3-guarded",
  reason:
    "Without a lock two writers corrupt the state, and without encryption its secrets are readable in the bucket.",
  remedy: "Set use_lockfile and encrypt of the s3 backend to true.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document }) => {
      const { s3 } = object(object(object(document).terraform).backend);
      return ["use_lockfile", "encrypt"]
        .filter((key) => s3 !== undefined && object(s3)[key] !== true)
        .map((key) => ({
          stack,
          path: `terraform.backend.s3.${key}`,
          found: `${key} is ${show(object(s3)[key])}`,
        }));
    }),
  passing: [stackOf({ terraform: { backend: { s3: { use_lockfile: true, encrypt: true } } } })],
  failing: [stackOf({ terraform: { backend: { s3: { encrypt: true } } } })],
};
