import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule, isInternetWide } from "../firewall-rules.ts";
import { show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "firewall-ssh-closed",
  reason: "SSH that is open to the internet is attacked day and night.",
  remedy: "Name the ranges of operators and office; remove every wider one that reaches port 22.",
  check: eachFirewallRule(({ opens, sources, body }) =>
    when(
      opens(22) && sources.some(isInternetWide),
      "source_ips",
      `port ${show(body.port)} is open to ${show(sources.filter(isInternetWide))}`,
    ),
  ),
  passing: [withFirewallRule({ port: "22", source_ips: ["203.0.113.0/28"] })],
  failing: [
    withFirewallRule({ port: "22", source_ips: ["0.0.0.0/0"] }),
    withFirewallRule({ port: "20-30", source_ips: ["::/0"] }),
    withFirewallRule({ port: "any", source_ips: ["0.0.0.0/1", "128.0.0.0/1"] }),
  ],
};
