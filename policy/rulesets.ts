import { type JsonObject, list, type Objection, object, resources, text } from "./resources.ts";
import type { CloudflarePlan, Subject, Violation } from "./rule.ts";

/** What a plan of Cloudflare lets a zone hold. */
export interface PlanLimits {
  /** Most rules of a phase. */
  readonly rules: Readonly<Record<string, number>>;
  /** Longest counting period and block of a rate limit, in seconds. */
  readonly period: number;
  readonly timeout: number;
  /** Fields that a rate limit's expression may name. */
  readonly rateLimitFields: readonly string[];
  readonly regex: boolean;
}

const FREE_FIELDS = ["http.request.uri.path", "cf.client.bot", "cf.bot_management.verified_bot"];
const PRO_FIELDS = [
  ...FREE_FIELDS,
  "http.host",
  "http.request.uri",
  "http.request.full_uri",
  "http.request.uri.query",
];
const BUSINESS_FIELDS = [...PRO_FIELDS, "http.request.method", "ip.src", "http.user_agent"];

const rules = (custom: number, rateLimit: number, cache: number) => ({
  http_request_firewall_custom: custom,
  http_ratelimit: rateLimit,
  http_request_cache_settings: cache,
});

/**
 * Cloudflare's documentation, read 2026-09: WAF custom rules and rate limiting rules (availability by plan),
 * cache rules (availability).
 */
export const PLAN_LIMITS: Readonly<Record<CloudflarePlan, PlanLimits>> = {
  free: { rules: rules(5, 1, 10), period: 10, timeout: 10, rateLimitFields: FREE_FIELDS, regex: false },
  pro: { rules: rules(20, 2, 25), period: 60, timeout: 3600, rateLimitFields: PRO_FIELDS, regex: false },
  business: {
    rules: rules(100, 5, 50),
    period: 600,
    timeout: 86_400,
    rateLimitFields: BUSINESS_FIELDS,
    regex: true,
  },
};

/** Counting periods that any plan knows, in seconds (same page). */
export const PERIODS = [
  10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65_535, 86_400,
];

/** An expression without its quoted texts, whose content is no code. */
export const withoutQuotes = (expression: string): string => expression.replace(/"(?:[^"\\]|\\.)*"/g, "");

/** Fields that an expression names: `http.host`, `ip.src`. */
export const fieldsOf = (expression: string): string[] => [
  ...new Set(withoutQuotes(expression).match(/\b[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+/g) ?? []),
];

/** A check that looks at each rule of each ruleset on its own. */
export const eachRulesetRule =
  (judge: (rule: JsonObject, phase: string, limits: PlanLimits | undefined) => Objection[]) =>
  (subjects: readonly Subject[]): Violation[] =>
    subjects.flatMap((subject) =>
      resources(subject, "cloudflare_ruleset").flatMap(({ stack, path, body }) =>
        list(body.rules).flatMap((rule, i) =>
          judge(object(rule), text(body.phase) ?? "", subject.plan && PLAN_LIMITS[subject.plan]).map(
            ({ at, found }) => ({ stack, path: `${path}.rules.${i}.${at}`, found }),
          ),
        ),
      ),
    );
