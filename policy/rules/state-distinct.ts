import { stackOf } from "../examples.ts";
import { object, repeated, show } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const at = (stack: string, path: string): Subject =>
  stackOf({ terraform: { backend: { local: { path } } } }, { stack });

export const rule: Rule = {
  id: "state-distinct",
  reason: "Two stacks with one state each destroy what the other declares.",
  remedy: "Let the key or the path of the state carry the stack's name.",
  check: (subjects) => {
    const places = subjects.flatMap(({ stack, document }) => {
      const { local, s3 } = object(object(object(document).terraform).backend);
      const { path } = object(local);
      const { bucket, key } = object(s3);
      if (path !== undefined) return [{ stack, path: "terraform.backend.local.path", place: show(path) }];
      return s3 === undefined
        ? []
        : [{ stack, path: "terraform.backend.s3.key", place: show([bucket ?? "", key ?? ""]) }];
    });
    return repeated(places, ({ place }) => place).map(({ stack, path, place }) => ({
      stack,
      path,
      found: `${place} is the state of ${places.find((first) => first.place === place)?.stack} too`,
    }));
  },
  passing: [at("prod", "prod.tfstate"), at("staging", "staging.tfstate")],
  failing: [at("prod", "one.tfstate"), at("staging", "one.tfstate")],
};
