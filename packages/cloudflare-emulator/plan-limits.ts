import { refuse } from "./envelope.ts";
import type { RuleBody } from "./rule-body.ts";

/**
 * Rules per phase on the free plan (Cloudflare docs: rate limiting availability by plan, WAF custom rules).
 * Of the other phases no figure is confirmed, so they are not limited here.
 */
const maximum = new Map([
  ["http_ratelimit", 1],
  ["http_request_firewall_custom", 5],
]);

/** Phases of HTTP requests and answers (provider 5.14.0, ruleset schema). */
const phases = new Set([
  ...maximum.keys(),
  "http_config_settings",
  "http_custom_errors",
  "http_log_custom_fields",
  "http_request_cache_settings",
  "http_request_dynamic_redirect",
  "http_request_firewall_managed",
  "http_request_late_transform",
  "http_request_origin",
  "http_request_redirect",
  "http_request_sanitize",
  "http_request_sbfm",
  "http_request_transform",
  "http_response_compression",
  "http_response_firewall_managed",
  "http_response_headers_transform",
]);

/** Refuses rules that a free zone cannot hold, and expressions that cannot be parsed. */
export function checkRules(phase: string, rules: readonly RuleBody[]): void {
  if (!phases.has(phase)) throw refuse(400, 20217, `'${phase}' is not a valid value for phase`, "/phase");
  const most = maximum.get(phase) ?? Number.POSITIVE_INFINITY;
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
