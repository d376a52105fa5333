import { withResource } from "../examples.ts";
import { each, isExpression, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

const inRange = (priority: number): boolean => priority >= 0 && priority <= 65_535;

export const rule: Rule = {
  id: "dns-mx-priority",
  reason: "A mail record without a priority is refused only at apply.",
  remedy: "Write a whole number from 0 to 65535.",
  check: each("cloudflare_dns_record", ({ type, priority }) =>
    when(
      type === "MX" && !(isExpression(priority) || (Number.isInteger(priority) && inRange(Number(priority)))),
      "priority",
      `priority is ${show(priority)}`,
    ),
  ),
  passing: [withResource("cloudflare_dns_record", { type: "MX", priority: 10 })],
  failing: [withResource("cloudflare_dns_record", { type: "MX" })],
};
