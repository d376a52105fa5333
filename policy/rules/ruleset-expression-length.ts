import { withRulesetRule } from "../examples.ts";
import { text, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule } from "../rulesets.ts";

/** Characters; Cloudflare's documentation of the rules language, read 2026-09. */
const LIMIT = 4096;

export const rule: Rule = {
  id: "ruleset-expression-length",
  reason: "Cloudflare refuses a longer expression at apply; a list of hosts grows with every environment.",
  remedy: "Split the rule in two, or name what the hosts have in common.",
  check: eachRulesetRule(({ expression }) => {
    const { length } = text(expression) ?? "";
    return when(length > LIMIT, "expression", `${length} characters of at most ${LIMIT}`);
  }),
  passing: [withRulesetRule("http_ratelimit", { expression: "x".repeat(LIMIT) })],
  failing: [withRulesetRule("http_ratelimit", { expression: "x".repeat(LIMIT + 1) })],
};
