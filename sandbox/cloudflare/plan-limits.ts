import { refuse } from "./envelope.ts";
import type { RuleBody } from "./rulesets.ts";

/**
 * Rules per phase on the free plan (Cloudflare docs, feature availability of each product, read 2026).
 * A phase that is not here is not available to the plan.
 */
const maximum: Record<string, number> = {
  http_ratelimit: 1,
  http_request_firewall_custom: 5,
  http_request_cache_settings: 10,
  http_request_dynamic_redirect: 10,
  http_request_transform: 10,
  http_request_late_transform: 10,
  http_response_headers_transform: 10,
  http_request_origin: 10,
  http_config_settings: 10,
  http_response_compression: 10,
  http_request_firewall_managed: 1,
};

/** Refuses rules that a free zone cannot hold, and expressions that cannot be parsed. */
export function checkRules(phase: string, rules: readonly RuleBody[]): void {
  const most = Object.hasOwn(maximum, phase) ? maximum[phase] : undefined;
  if (most === undefined) throw refuse(400, 20217, `not entitled to use the phase ${phase}`, "/phase");
  if (rules.length > most) {
    const count = `${rules.length} out of ${most}`;
    throw refuse(400, 20217, `exceeded maximum number of rules in the phase ${phase} (${count})`, "/rules");
  }
  rules.forEach((rule, index) => {
    checkExpression(rule.expression, `/rules/${index}/expression`);
    if (phase === "http_ratelimit") checkRateLimit(rule, `/rules/${index}/ratelimit`);
  });
}

/** Messages as the API gives them to a free zone: period and timeout are fixed at 10 seconds. */
function checkRateLimit(rule: RuleBody, pointer: string): void {
  const limit = rule.ratelimit;
  if (!limit) throw refuse(400, 20217, "ratelimit is required in the phase http_ratelimit", pointer);
  if (limit.period !== 10) {
    const message = `not entitled to use the period ${limit.period}, can only use a period among [10]`;
    throw refuse(400, 20217, message, `${pointer}/period`);
  }
  if (limit.mitigation_timeout !== 10) {
    const message = "not entitled to use a mitigation timeout different from 10";
    throw refuse(400, 20217, message, `${pointer}/mitigation_timeout`);
  }
  if (!limit.characteristics.includes("cf.colo.id")) {
    throw refuse(400, 20217, "characteristics must include cf.colo.id", `${pointer}/characteristics`);
  }
}

/** A coarse reading of the rules language: quotes closed and brackets in pairs. */
function checkExpression(expression: string, pointer: string): void {
  const open: string[] = [];
  const closes: Record<string, string> = { ")": "(", "}": "{", "]": "[" };
  const bare = expression.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const balanced = [...bare].every((char) => {
    if ("({[".includes(char)) open.push(char);
    return !(char in closes) || open.pop() === closes[char];
  });
  if (!expression.trim() || !balanced || open.length > 0 || bare.includes('"')) {
    throw refuse(400, 20127, "Filter parsing error: the expression is not complete", pointer);
  }
}
