import { withResource } from "../examples.ts";
import { everywhere, repeated, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

const SINGLE = ["A", "AAAA", "CNAME"];

export const rule: Rule = {
  id: "dns-name-one-stack",
  reason: "Two records of one name and type share its visitors: an environment would serve those of another.",
  remedy: "Declare each name in one stack, once for each family.",
  check: (subjects) => {
    const named = everywhere(subjects, "cloudflare_dns_record").filter(({ body }) =>
      SINGLE.includes(String(body.type)),
    );
    return repeated(named, ({ body }) => JSON.stringify([body.zone_id, body.name, body.type])).map(
      ({ stack, path, body }) => ({
        stack,
        path: `${path}.name`,
        found: `${show(body.name)} is declared twice`,
      }),
    );
  },
  passing: [
    withResource("cloudflare_dns_record", { name: "ciam.your-app.com", type: "A" }),
    withResource(
      "cloudflare_dns_record",
      { name: "staging-ciam.your-app.com", type: "A" },
      { stack: "staging" },
    ),
  ],
  failing: [
    withResource("cloudflare_dns_record", { name: "ciam.your-app.com", type: "A" }),
    withResource("cloudflare_dns_record", { name: "ciam.your-app.com", type: "A" }, { stack: "staging" }),
  ],
};
