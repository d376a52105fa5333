import { isIPv6 } from "node:net";
import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "dns-content-ipv6",
  reason:
    "An AAAA record holds an IPv6 address; Cloudflare refuses a network or another family only at apply.",
  remedy: "Write an IPv6 address, without a prefix length.",
  check: each("cloudflare_dns_record", ({ type, content }) =>
    when(
      type === "AAAA" && isWrong(content, (address) => isIPv6(String(address))),
      "content",
      `${show(content)} is not an IPv6 address`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { type: "AAAA", content: "2001:db8::1" })],
  failing: [
    withResource("cloudflare_dns_record", { type: "AAAA", content: "2001:db8::/64" }),
    withResource("cloudflare_dns_record", { type: "AAAA", content: "192.0.2.1" }),
  ],
};
