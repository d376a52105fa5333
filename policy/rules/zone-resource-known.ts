import { withResource } from "../examples.ts";
import { type Resource, resources } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { partsOf, purposeOf } from "../zone-records.ts";
import { EXAMPLE_VISITORS } from "../zone-rules.ts";

const KNOWN = ["cloudflare_zone_setting", "cloudflare_ruleset"];
const VISITED = { visitors: EXAMPLE_VISITORS };

/** Of records those alone that say who may issue and who may send: a host is an environment's. */
const isKnown = ({ type, body }: Resource): boolean =>
  KNOWN.includes(type) || (type === "cloudflare_dns_record" && purposeOf(partsOf(body)) !== undefined);

export const rule: Rule = {
  id: "zone-resource-known",
  reason: "A zone's stack reaches every environment of the zone, and rules look into what they know alone.",
  remedy: "Put it into OlympusStack, or add a rule for its kind to policy/rules and the kind to this list.",
  check: (subjects) =>
    subjects
      .filter(({ visitors }) => visitors)
      .flatMap((subject) => resources(subject, "*"))
      .filter((resource) => !isKnown(resource))
      .map(({ stack, path, type }) => ({ stack, path, found: `a ${type} in a zone's stack` })),
  passing: [
    withResource("cloudflare_ruleset", {}, VISITED),
    withResource("cloudflare_workers_route", {}),
    withResource("cloudflare_dns_record", { name: "your-app.com", type: "CAA" }, VISITED),
    withResource("cloudflare_dns_record", { name: "x.com", type: "TXT", content: '"v=spf1 -all"' }, VISITED),
  ],
  failing: [
    withResource("cloudflare_workers_route", {}, VISITED),
    withResource("cloudflare_dns_record", { name: "ciam.your-app.com", type: "A" }, VISITED),
    withResource(
      "cloudflare_dns_record",
      { name: "x.com", type: "TXT", content: '"verification=1"' },
      VISITED,
    ),
  ],
};
