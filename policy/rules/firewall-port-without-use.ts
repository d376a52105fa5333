import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule } from "../firewall-rules.ts";
import { show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "firewall-port-without-use",
  reason: "Only tcp and udp have ports; Hetzner refuses one on any other protocol at apply.",
  remedy: "Drop the port, or choose tcp or udp.",
  check: eachFirewallRule(({ hasPorts, body }) =>
    when(!hasPorts && Boolean(body.port), "port", `${show(body.port)} on ${show(body.protocol)}`),
  ),
  passing: [withFirewallRule({ protocol: "icmp" })],
  failing: [withFirewallRule({ protocol: "icmp", port: "80" })],
};
