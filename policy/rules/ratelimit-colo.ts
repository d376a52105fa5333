import { withRulesetRule } from "../examples.ts";
import { list, object, show, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { eachRulesetRule } from "../rulesets.ts";

export const rule: Rule = {
  id: "ratelimit-colo",
  reason: "Each data centre has its own counters: Cloudflare refuses a rate limit that does not say so.",
  remedy: "Name cf.colo.id among the characteristics.",
  check: eachRulesetRule(({ ratelimit }) =>
    when(
      ratelimit !== undefined && !list(object(ratelimit).characteristics).includes("cf.colo.id"),
      "ratelimit.characteristics",
      `${show(object(ratelimit).characteristics)} lacks cf.colo.id`,
    ),
  ),
  passing: [withRulesetRule("http_ratelimit", { ratelimit: { characteristics: ["cf.colo.id", "ip.src"] } })],
  failing: [withRulesetRule("http_ratelimit", { ratelimit: { characteristics: ["ip.src"] } })],
};
