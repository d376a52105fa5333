import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule } from "../firewall-rules.ts";
import { show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "firewall-port-missing",
  reason: "A tcp or udp rule without a port is refused at apply, with the firewall partly changed.",
  remedy: "Write a port, a range such as 8000-8080, or any.",
  check: eachFirewallRule(({ hasPorts, body }) =>
    when(hasPorts && !body.port, "port", `a ${show(body.protocol)} rule without a port`),
  ),
  passing: [withFirewallRule({ port: "443" })],
  failing: [withFirewallRule({})],
};
