import { withResource } from "../examples.ts";
import { each, isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const HEX = /^[0-9a-f]{32}$/;

export const rule: Rule = {
  id: "cloudflare-ids",
  reason:
    "The provider accepts any string as an id; a wrong one fails at apply, and an empty one replaces every record.",
  remedy: "Copy the 32 hex characters from the overview page at Cloudflare.",
  check: each("cloudflare_*", ({ zone_id, account_id }) => [
    ...when(isWrong(zone_id, matches(HEX)), "zone_id", `${show(zone_id)} is not a valid id`),
    ...when(isWrong(account_id, matches(HEX)), "account_id", `${show(account_id)} is not a valid id`),
  ]),
  passing: [withResource("cloudflare_dns_record", { zone_id: "0123456789abcdef0123456789abcdef" })],
  failing: [
    withResource("cloudflare_dns_record", { zone_id: "your-app.com" }),
    withResource("cloudflare_workers_script", { account_id: "" }),
  ],
};
