import { withResource } from "../examples.ts";
import { each, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "dns-proxied-ttl",
  reason: "A proxied record has the automatic lifetime; any other shows as a difference in every plan.",
  remedy: "Write ttl 1.",
  check: each("cloudflare_dns_record", ({ ttl, proxied }) =>
    when(proxied === true && ttl !== 1, "ttl", `${show(ttl)} on a proxied record`),
  ),
  passing: [withResource("cloudflare_dns_record", { proxied: true, ttl: 1 })],
  failing: [withResource("cloudflare_dns_record", { proxied: true, ttl: 300 })],
};
