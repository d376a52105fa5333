import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule } from "../firewall-rules.ts";
import { list, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "firewall-sources",
  reason: "A rule that names nobody is refused at apply, or lets nobody in.",
  remedy: "Name source_ips of an inbound rule, and destination_ips of an outbound one.",
  check: eachFirewallRule(({ body: { direction, source_ips, destination_ips } }) => [
    ...when(direction === "in" && list(source_ips).length === 0, "source_ips", "an inbound rule for nobody"),
    ...when(
      direction === "out" && list(destination_ips).length === 0,
      "destination_ips",
      "an outbound rule to nowhere",
    ),
  ]),
  passing: [withFirewallRule({ source_ips: ["203.0.113.0/24"] })],
  failing: [withFirewallRule({}), withFirewallRule({ direction: "out" })],
};
