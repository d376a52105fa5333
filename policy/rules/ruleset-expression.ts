import { withRulesetRule } from "../examples.ts";
import { isWrong, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule, withoutQuotes } from "../rulesets.ts";

const CLOSES: Readonly<Record<string, string>> = { ")": "(", "}": "{", "]": "[" };

/** A coarse reading of the rules language: quotes closed, brackets in pairs. */
function isComplete(expression: string): boolean {
  const bare = withoutQuotes(expression);
  const open: string[] = [];
  const balanced = [...bare].every((char) => {
    if ("({[".includes(char)) open.push(char);
    return !(char in CLOSES) || open.pop() === CLOSES[char];
  });
  return expression.trim() !== "" && balanced && open.length === 0 && !bare.includes('"');
}

export const rule: Rule = {
  id: "ruleset-expression",
  reason:
    "The provider accepts any string as an expression; Cloudflare refuses one that does not parse only at apply.",
  remedy: "Close every quote and every bracket.",
  check: eachRulesetRule(({ expression }) =>
    when(
      isWrong(expression, (code) => isComplete(String(code))),
      "expression",
      `${show(expression)} is not complete`,
    ),
  ),
  passing: [withRulesetRule("http_ratelimit", { expression: '(http.host in {"a" "b)"})' })],
  failing: [
    withRulesetRule("http_ratelimit", { expression: '(http.host eq "a"' }),
    withRulesetRule("http_ratelimit", { expression: 'http.host eq "a' }),
    withRulesetRule("http_ratelimit", { expression: " " }),
  ],
};
