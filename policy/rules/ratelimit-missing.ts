import { withRulesetRule } from "../examples.ts";
import { isWrong, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule } from "../rulesets.ts";

export const rule: Rule = {
  id: "ratelimit-missing",
  reason: "A rule of the rate limiting phase without a limit is refused at apply.",
  remedy: "Add to the rule a ratelimit with period, requests_per_period and mitigation_timeout.",
  check: eachRulesetRule(({ ratelimit }, phase) => {
    const { requests_per_period } = object(ratelimit);
    return phase === "http_ratelimit"
      ? when(
          requests_per_period === undefined || isWrong(requests_per_period, (n) => Number(n) >= 1),
          "ratelimit.requests_per_period",
          `${show(requests_per_period)} requests`,
        )
      : [];
  }),
  passing: [withRulesetRule("http_ratelimit", { ratelimit: { requests_per_period: 10 } })],
  failing: [withRulesetRule("http_ratelimit", {})],
};
