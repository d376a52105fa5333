import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { partsOf, purposeOf } from "../zone-records.ts";

export const rule: Rule = {
  id: "dns-proxied",
  reason:
    "A record that is not proxied shows the server's address to the world, and visitors bypass Cloudflare.",
  remedy: "Set proxied to true on every A, AAAA and CNAME record that is not a key's.",
  check: each("cloudflare_dns_record", (body) =>
    when(
      ["A", "AAAA", "CNAME"].includes(String(body.type)) &&
        purposeOf(partsOf(body)) !== "dkim" &&
        body.proxied !== true,
      "proxied",
      `proxied is ${show(body.proxied)} on ${show(body.type)}`,
    ),
  ),
  passing: [
    withResource("cloudflare_dns_record", { type: "A", proxied: true }),
    withResource("cloudflare_dns_record", { type: "CNAME", name: "abc._domainkey.x.com", proxied: false }),
  ],
  failing: [withResource("cloudflare_dns_record", { type: "A" })],
};
