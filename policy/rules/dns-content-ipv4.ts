import { isIPv4 } from "node:net";
import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "dns-content-ipv4",
  reason: "An A record holds an IPv4 address; Cloudflare refuses a name or another family only at apply.",
  remedy: "Write an IPv4 address, or make it a CNAME or an AAAA record.",
  check: each("cloudflare_dns_record", ({ type, content }) =>
    when(
      type === "A" && isWrong(content, (address) => isIPv4(String(address))),
      "content",
      `${show(content)} is not an IPv4 address`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { type: "A", content: "192.0.2.1" })],
  failing: [withResource("cloudflare_dns_record", { type: "A", content: "host.example.com" })],
};
