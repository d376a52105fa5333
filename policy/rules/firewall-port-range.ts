import type { Json } from "../../parity/json.ts";
import { withFirewallRule } from "../examples.ts";
import { eachFirewallRule, portRange } from "../firewall-rules.ts";
import { isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

function isPort(port: Json): boolean {
  const [first, last] = portRange(String(port)) ?? [0, 0];
  return first >= 1 && first <= last && last <= 65_535;
}

export const rule: Rule = {
  id: "firewall-port-range",
  reason: "A port outside 1 to 65535, or a range that runs backwards, is refused only at apply.",
  remedy: "Write a port, a range such as 8000-8080, or any.",
  check: eachFirewallRule(({ body: { port } }) =>
    when(isWrong(port, isPort), "port", `${show(port)} is not a valid port`),
  ),
  passing: [withFirewallRule({ port: "8000-8080" })],
  failing: [withFirewallRule({ port: "70000" }), withFirewallRule({ port: "90-80" })],
};
