import { withResource } from "../examples.ts";
import { each, show, text, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const OWN = { hosts: ["ciam.your-app.com"] };

export const rule: Rule = {
  id: "dns-name-own",
  reason: "A record of another environment's host, or of none, sends its visitors to this machine.",
  remedy: "Publish only hosts of the environment: config/load/hosts.ts makes them.",
  check: each("cloudflare_dns_record", ({ name }, _, { hosts }) =>
    when(
      hosts !== undefined && !hosts.includes(text(name) ?? ""),
      "name",
      `${show(name)} is not a host of this environment`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { name: "ciam.your-app.com" }, OWN)],
  failing: [
    withResource("cloudflare_dns_record", { name: "*.your-app.com" }, OWN),
    withResource("cloudflare_dns_record", { name: "staging-ciam.your-app.com" }, OWN),
  ],
};
