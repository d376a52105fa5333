import { withResource } from "../examples.ts";
import { each, list, object, show, when } from "../resources.ts";
import type { Rule, Subject } from "../rule.ts";

const BLOCKS = ["block", "challenge", "js_challenge", "managed_challenge"];

/** Phases that rules here look into, and what may happen in them. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  http_request_cache_settings: ["set_cache_settings"],
  http_request_firewall_custom: BLOCKS,
  http_ratelimit: BLOCKS,
};

const ruleset = (phase: string, rule: object, kind = "zone"): Subject =>
  withResource("cloudflare_ruleset", { kind, phase, rules: [{ enabled: true, ...rule }] });

export const rule: Rule = {
  id: "ruleset-in-force",
  reason: "A rule that is off, only logs or skips others protects nothing, whatever it looks like.",
  remedy: `Enable the rule, and let it block or challenge; a new phase needs an action here and a rule in policy/rules.`,
  check: each("cloudflare_ruleset", ({ kind, phase, rules }) => {
    const allowed = ACTIONS[String(phase)];
    return [
      ...when(kind !== "zone", "kind", `kind is ${show(kind)}`),
      ...when(allowed === undefined, "phase", `${show(phase)} is a phase that no rule looks into`),
      ...when(list(rules).length === 0, "rules", "no rules"),
      ...list(rules).flatMap((item, i) => {
        const { enabled, action } = object(item);
        return [
          ...when(enabled !== true, `rules[${i}].enabled`, `enabled is ${show(enabled)}`),
          ...when(!allowed?.includes(String(action)), `rules[${i}].action`, `action is ${show(action)}`),
        ];
      }),
    ];
  }),
  passing: [ruleset("http_request_firewall_custom", { action: "block" })],
  failing: [
    ruleset("http_request_firewall_custom", { action: "block", enabled: false }),
    ruleset("http_request_firewall_custom", { action: "skip" }),
    ruleset("http_request_firewall_custom", { action: "log" }),
    ruleset("http_request_origin", { action: "route" }),
    ruleset("http_ratelimit", { action: "block" }, "custom"),
  ],
};
