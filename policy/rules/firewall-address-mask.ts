import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule } from "../firewall-rules.ts";
import { show } from "../resources.ts";
import type { Rule } from "../rule.ts";

const isBare = (range: string): boolean => !range.includes("/");

export const rule: Rule = {
  id: "firewall-address-mask",
  reason: "Hetzner accepts ranges only, and refuses a bare address at apply.",
  remedy: "Write the prefix length: 203.0.113.7/32 is one address.",
  check: eachFirewallRule(({ sources, destinations }) => [
    ...sources.filter(isBare).map((range) => ({ at: "source_ips", found: `${show(range)} has no mask` })),
    ...destinations
      .filter(isBare)
      .map((range) => ({ at: "destination_ips", found: `${show(range)} has no mask` })),
  ]),
  passing: [withFirewallRule({ source_ips: ["203.0.113.7/32"] })],
  failing: [withFirewallRule({ source_ips: ["203.0.113.7"] })],
};
