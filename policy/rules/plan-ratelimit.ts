import { withRulesetRule } from "../examples.ts";
import { isWrong, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule } from "../rulesets.ts";

const FREE = { plan: "free" } as const;

export const rule: Rule = {
  id: "plan-ratelimit",
  reason: "Cloudflare's plan limits a rate limit's period and block, and refuses others at apply.",
  remedy: "Keep within the plan (free: 10 s and 10 s); the finer limits are Caddy's.",
  check: eachRulesetRule(({ ratelimit }, _, limits) => {
    const { period, mitigation_timeout } = object(ratelimit);
    if (!limits) return [];
    return [
      ...when(
        Number(period) > limits.period,
        "ratelimit.period",
        `${show(period)} s of at most ${limits.period} s`,
      ),
      ...when(
        isWrong(mitigation_timeout, (s) => Number(s) >= 10 && Number(s) <= limits.timeout),
        "ratelimit.mitigation_timeout",
        `${show(mitigation_timeout)} s, not within 10 to ${limits.timeout} s`,
      ),
    ];
  }),
  passing: [withRulesetRule("http_ratelimit", { ratelimit: { period: 10, mitigation_timeout: 10 } }, FREE)],
  failing: [
    withRulesetRule("http_ratelimit", { ratelimit: { period: 60 } }, FREE),
    withRulesetRule("http_ratelimit", { ratelimit: { mitigation_timeout: 600 } }, FREE),
  ],
};
