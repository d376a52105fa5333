import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule } from "../firewall-rules.ts";
import { list, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "firewall-sources",
  reason: "A rule without addresses is refused at apply, or admits no traffic.",
  remedy: "Name source_ips of an inbound rule, and destination_ips of an outbound one.",
  check: eachFirewallRule(({ body: { direction, source_ips, destination_ips } }) => [
    ...when(
      direction === "in" && list(source_ips).length === 0,
      "source_ips",
      "an inbound rule without sources",
    ),
    ...when(
      direction === "out" && list(destination_ips).length === 0,
      "destination_ips",
      "an outbound rule without destinations",
    ),
  ]),
  passing: [withFirewallRule({ source_ips: ["203.0.113.0/24"] })],
  failing: [withFirewallRule({}), withFirewallRule({ direction: "out" })],
};
