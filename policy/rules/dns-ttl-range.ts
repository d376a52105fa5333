import { withResource } from "../examples.ts";
import { each, isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "dns-ttl-range",
  reason: "Cloudflare accepts 1 (automatic) or 60 to 86400 seconds, and refuses others only at apply.",
  remedy: "Write 1, or a number of seconds within these bounds.",
  check: each("cloudflare_dns_record", ({ ttl, proxied }) =>
    when(
      proxied !== true && isWrong(ttl, (s) => s === 1 || (Number(s) >= 60 && Number(s) <= 86_400)),
      "ttl",
      `${show(ttl)} s`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { ttl: 300 })],
  failing: [withResource("cloudflare_dns_record", { ttl: 5 })],
};
