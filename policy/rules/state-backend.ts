import { stackOf } from "../examples.ts";
import { object, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "state-backend",
  reason: "A state without a declared location is in the scratch output, and is deleted with it.",
  remedy: "Declare the local backend with a path, or s3.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document }) => {
      const { terraform } = object(document);
      const backend = object(object(terraform).backend);
      const isSound = Boolean(object(backend.local).path) || backend.s3 !== undefined;
      return terraform === undefined || isSound
        ? []
        : [
            {
              stack,
              path: "terraform.backend",
              found: `${show(backend)} is neither local with a path nor s3`,
            },
          ];
    }),
  passing: [stackOf({ terraform: { backend: { local: { path: "../prod.tfstate" } } } })],
  failing: [stackOf({ terraform: {} }), stackOf({ terraform: { backend: { http: {} } } })],
};
