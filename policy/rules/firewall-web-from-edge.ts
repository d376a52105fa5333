import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule, isInternetWide } from "../firewall-rules.ts";
import { show } from "../resources.ts";
import type { Rule } from "../rule.ts";

const EDGE = { edgeRanges: ["104.16.0.0/13", "2606:4700::/32"] };

export const rule: Rule = {
  id: "firewall-web-from-edge",
  reason: "A request that bypasses Cloudflare bypasses its rules, its limits and its logs.",
  remedy: "Let only Cloudflare's published ranges reach ports 80 and 443.",
  check: eachFirewallRule(({ opens, sources, body }, { edgeRanges }) => {
    const isForeign = (range: string) => (edgeRanges ? !edgeRanges.includes(range) : isInternetWide(range));
    return opens(80) || opens(443)
      ? sources
          .filter(isForeign)
          .map((range) => ({ at: "source_ips", found: `port ${show(body.port)} is open to ${range}` }))
      : [];
  }),
  passing: [withFirewallRule({ port: "443", source_ips: ["104.16.0.0/13"] }, EDGE)],
  failing: [
    withFirewallRule({ port: "443", source_ips: ["203.0.113.0/24"] }, EDGE),
    withFirewallRule({ port: "80", source_ips: ["0.0.0.0/0"] }),
  ],
};
