import { withRulesetRule } from "../examples.ts";
import { text, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule, fieldsOf } from "../rulesets.ts";

const FREE = { plan: "free" } as const;

export const rule: Rule = {
  id: "plan-ratelimit-fields",
  reason: "Cloudflare's plan says which fields a rate limit may use, and refuses others at apply.",
  remedy: "Name only the plan's fields (free: the path and verified bots); Caddy can distinguish hosts.",
  check: eachRulesetRule(({ expression }, phase, limits) => {
    if (!limits || phase !== "http_ratelimit") return [];
    const foreign = fieldsOf(text(expression) ?? "").filter(
      (field) => !limits.rateLimitFields.includes(field),
    );
    return when(foreign.length > 0, "expression", `uses ${foreign.join(", ")}`);
  }),
  passing: [
    withRulesetRule("http_ratelimit", { expression: 'starts_with(http.request.uri.path, "/a.b")' }, FREE),
  ],
  failing: [withRulesetRule("http_ratelimit", { expression: 'http.host eq "a"' }, FREE)],
};
