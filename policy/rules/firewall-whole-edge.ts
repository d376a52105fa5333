import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule, isInternetWide } from "../firewall-rules.ts";
import { show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const EDGE = { edgeRanges: ["104.16.0.0/13", "2606:4700::/32"] };

export const rule: Rule = {
  id: "firewall-whole-edge",
  reason: "Cloudflare connects from any of its ranges: a missing one is an outage for some visitors only.",
  remedy: "Open port 443 to every published range; refresh the snapshot of the list.",
  check: eachFirewallRule(({ opens, sources, body }, { edgeRanges = [] }) => {
    const missing = edgeRanges.filter((range) => !sources.includes(range));
    const isEdge = opens(443) && !sources.some(isInternetWide);
    return when(
      isEdge && missing.length > 0,
      "source_ips",
      `port ${show(body.port)} misses ${missing.join(", ")}`,
    );
  }),
  passing: [withFirewallRule({ port: "443", source_ips: EDGE.edgeRanges }, EDGE)],
  failing: [withFirewallRule({ port: "443", source_ips: ["104.16.0.0/13"] }, EDGE)],
};
