import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "dns-proxied",
  reason:
    "A record that is not proxied shows the server's address to the world, and visitors bypass Cloudflare.",
  remedy: "Set proxied to true on every A, AAAA and CNAME record.",
  check: each("cloudflare_dns_record", ({ type, proxied }) =>
    when(
      ["A", "AAAA", "CNAME"].includes(String(type)) && proxied !== true,
      "proxied",
      `proxied is ${show(proxied)} on ${show(type)}`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { type: "A", proxied: true })],
  failing: [withResource("cloudflare_dns_record", { type: "A" })],
};
