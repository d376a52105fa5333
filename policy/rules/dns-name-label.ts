import { withResource } from "../examples.ts";
import { each, isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

export const rule: Rule = {
  id: "dns-name-label",
  reason:
    "A DNS label holds at most 63 letters, digits and hyphens; Cloudflare refuses others only at apply.",
  remedy: "Shorten the name, or remove the other characters.",
  check: each("cloudflare_dns_record", ({ name, type }) =>
    when(
      ["A", "AAAA"].includes(String(type)) && isWrong(name, matches(HOST)),
      "name",
      `${show(name)} is not a valid host name`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { type: "A", name: "ciam.your-app.com" })],
  failing: [
    withResource("cloudflare_dns_record", { type: "A", name: `${"a".repeat(64)}.your-app.com` }),
    withResource("cloudflare_dns_record", { type: "A", name: "ciam_admin.your-app.com" }),
  ],
};
