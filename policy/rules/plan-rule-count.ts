import { withResource } from "../examples.ts";
import { each, list, text, when } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { PLAN_LIMITS } from "../rulesets.ts";

export const rule: Rule = {
  id: "plan-rule-count",
  reason: "Cloudflare's plan limits the rules of a phase, and refuses the ruleset as a whole.",
  remedy: "Merge rules, or pay for the next plan and say so in the configuration.",
  check: each("cloudflare_ruleset", ({ phase, rules }, _, { plan }) => {
    const most = plan && PLAN_LIMITS[plan].rules[text(phase) ?? ""];
    const count = list(rules).length;
    return when(most !== undefined && count > most, "rules", `${count} rules of ${most} that ${plan} has`);
  }),
  passing: [withResource("cloudflare_ruleset", { phase: "http_ratelimit", rules: [{}] }, { plan: "free" })],
  failing: [
    withResource("cloudflare_ruleset", { phase: "http_ratelimit", rules: [{}, {}] }, { plan: "free" }),
  ],
};
