import { withRulesetRule } from "../examples.ts";
import { isWrong, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule, PERIODS } from "../rulesets.ts";

export const rule: Rule = {
  id: "ratelimit-period",
  reason: "Cloudflare counts over certain periods only, and refuses others at apply.",
  remedy: `Write one of ${PERIODS.join(", ")} (seconds).`,
  check: eachRulesetRule(({ ratelimit }) => {
    const { period } = object(ratelimit);
    return when(
      isWrong(period, (seconds) => PERIODS.includes(Number(seconds))),
      "ratelimit.period",
      `${show(period)} s`,
    );
  }),
  passing: [withRulesetRule("http_ratelimit", { ratelimit: { period: 60 } })],
  failing: [withRulesetRule("http_ratelimit", { ratelimit: { period: 7 } })],
};
