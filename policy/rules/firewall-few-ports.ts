import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule } from "../firewall-rules.ts";
import { isWrong, matches, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "firewall-few-ports",
  reason:
    "Admin interfaces of Kratos, Hydra and Postgres listen on the same machine; none of their ports may be reachable.",
  remedy: "Open 22, 80 and 443 only; reach anything else through SSH.",
  check: eachFirewallRule(({ isInbound, hasPorts, body: { port, protocol } }) =>
    when(
      isInbound && hasPorts && isWrong(port, matches(/^(22|80|443)$/)),
      "port",
      `${show(port)} of ${show(protocol)} is open`,
    ),
  ),
  passing: [withFirewallRule({ port: "443" })],
  failing: [withFirewallRule({ port: "4434" })],
};
