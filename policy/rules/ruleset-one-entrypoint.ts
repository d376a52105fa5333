import { withResource, withResources } from "../examples.ts";
import { everywhere, type Resource, repeated, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "ruleset-one-entrypoint",
  reason: "A zone has one entrypoint per phase: a second ruleset fails or replaces the first one's rules.",
  remedy: "Compose the rules of all environments of a zone in one ruleset, in the zone's own stack.",
  check: (subjects) => {
    const entrypoints = everywhere(subjects, "cloudflare_ruleset").filter(
      ({ body }) => body.kind !== "custom",
    );
    const place = ({ body }: Resource) => JSON.stringify([body.zone_id, body.phase]);
    return repeated(entrypoints, place).map((second) => ({
      stack: second.stack,
      path: `${second.path}.phase`,
      found: `${show(second.body.phase)} has an entrypoint in ${entrypoints.find((first) => place(first) === place(second))?.stack} too`,
    }));
  },
  passing: [
    withResources("cloudflare_ruleset", { a: { zone_id: "1", phase: "x" }, b: { zone_id: "1", phase: "y" } }),
  ],
  failing: [
    withResource("cloudflare_ruleset", { zone_id: "1", phase: "http_ratelimit" }),
    withResource("cloudflare_ruleset", { zone_id: "1", phase: "http_ratelimit" }, { stack: "staging" }),
  ],
};
