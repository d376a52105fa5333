import { withRulesetRule } from "../examples.ts";
import { show, text, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule, withoutQuotes } from "../rulesets.ts";

export const rule: Rule = {
  id: "plan-regex",
  reason: "Regular expressions need the business plan; Cloudflare refuses them below at apply.",
  remedy: "Use starts_with, ends_with, contains or a list instead of matches.",
  check: eachRulesetRule(({ expression }, _, limits) =>
    when(
      limits?.regex === false && /\bmatches\b|~/.test(withoutQuotes(text(expression) ?? "")),
      "expression",
      `${show(expression)} matches by a regular expression`,
    ),
  ),
  passing: [withRulesetRule("http_ratelimit", { expression: 'http.host eq "matches"' }, { plan: "free" })],
  failing: [withRulesetRule("http_ratelimit", { expression: 'http.host matches "a.*"' }, { plan: "free" })],
};
