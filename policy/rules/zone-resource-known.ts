import { withResource } from "../examples.ts";
import { resources } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { EXAMPLE_VISITORS } from "../zone-rules.ts";

const KNOWN = ["cloudflare_zone_setting", "cloudflare_ruleset"];
const VISITED = { visitors: EXAMPLE_VISITORS };

export const rule: Rule = {
  id: "zone-resource-known",
  reason: "A zone's stack reaches every environment of the zone, and rules look into what they know alone.",
  remedy: "Put it into OlympusStack, or add a rule for its kind to policy/rules and the kind to this list.",
  check: (subjects) =>
    subjects
      .filter(({ visitors }) => visitors)
      .flatMap((subject) => resources(subject, "*"))
      .filter(({ type }) => !KNOWN.includes(type))
      .map(({ stack, path, type }) => ({ stack, path, found: `a ${type} in a zone's stack` })),
  passing: [withResource("cloudflare_ruleset", {}, VISITED), withResource("cloudflare_workers_route", {})],
  failing: [withResource("cloudflare_workers_route", {}, VISITED)],
};
