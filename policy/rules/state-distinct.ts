import { stackOf } from "../examples.ts";
import { object, repeated, show } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const at = (stack: string, path: string): Subject =>
  stackOf({ terraform: { backend: { local: { path } } } }, { stack });

const inStore = (stack: string, s3: Record<string, string>): Subject =>
  stackOf({ terraform: { backend: { s3 } } }, { stack });

export const rule: Rule = {
  id: "state-distinct",
  reason:
    "Two stacks with one state each destroy what the other declares; whose key writes the bucket of another's state runs code at its next plan.",
  remedy: "Let the path, or the bucket and the profile, of the state carry the stack's name.",
  check: (subjects) => {
    const places = subjects.flatMap(({ stack, document }) => {
      const { local, s3 } = object(object(object(document).terraform).backend);
      const { path } = object(local);
      const { bucket, profile } = object(s3);
      if (path !== undefined) return [{ stack, path: "terraform.backend.local.path", place: show(path) }];
      return s3 === undefined
        ? []
        : [
            { stack, path: "terraform.backend.s3.bucket", place: `bucket ${show(bucket ?? "")}` },
            { stack, path: "terraform.backend.s3.profile", place: `profile ${show(profile ?? "")}` },
          ];
    });
    return repeated(places, ({ place }) => place).map(({ stack, path, place }) => ({
      stack,
      path,
      found: `${place} is the state of ${places.find((first) => first.place === place)?.stack} too`,
    }));
  },
  passing: [
    at("prod", "prod.tfstate"),
    at("staging", "staging.tfstate"),
    inStore("qa", { bucket: "acme-qa", profile: "olympus-qa" }),
    inStore("dev", { bucket: "acme-dev", profile: "olympus-dev" }),
  ],
  failing: [
    at("prod", "one.tfstate"),
    at("staging", "one.tfstate"),
    inStore("qa", { bucket: "acme", key: "qa.tfstate" }),
    inStore("dev", { bucket: "acme", key: "dev.tfstate" }),
  ],
};
