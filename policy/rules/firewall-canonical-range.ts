import ipaddr from "ipaddr.js";
import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule } from "../firewall-rules.ts";
import { show } from "../resources.ts";
import type { Rule } from "../rule.ts";

function isOdd(range: string): boolean {
  if (!range.includes("/")) return false;
  if (!ipaddr.isValidCIDR(range)) return true;
  const [address, prefix] = ipaddr.parseCIDR(range);
  const family = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${family.networkAddressFromCIDR(range)}/${prefix}` !== range;
}

export const rule: Rule = {
  id: "firewall-canonical-range",
  reason: "Hetzner writes ranges in one form; any other shows as a difference in every plan for ever.",
  remedy: "Write the network address in its shortest form: 203.0.113.0/24, 2001:db8::/32.",
  check: eachFirewallRule(({ sources, destinations }) => [
    ...sources.filter(isOdd).map((range) => ({ at: "source_ips", found: `${show(range)} is not canonical` })),
    ...destinations
      .filter(isOdd)
      .map((range) => ({ at: "destination_ips", found: `${show(range)} is not canonical` })),
  ]),
  passing: [withFirewallRule({ source_ips: ["203.0.113.0/24", "2001:db8::/32"] })],
  failing: [
    withFirewallRule({ source_ips: ["203.0.113.9/24"] }),
    withFirewallRule({ source_ips: ["2001:DB8::/32"] }),
  ],
};
