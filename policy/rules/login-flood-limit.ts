import { withRulesetRule } from "../examples.ts";
import { object, show } from "../resources.ts";
import type { Rule, Subject, Violation } from "../rule.ts";
import { EXAMPLE_VISITORS, rulesInForce } from "../zone-rules.ts";

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** Most logins that Caddy lets one visitor make in `period` seconds: each window that begins in them, whole. */
function mostLogins({ events, window }: { events: number; window: string }, period: number): number {
  const unit = window.slice(-1) as keyof typeof SECONDS;
  return events * Math.max(1, Math.ceil(period / (Number.parseInt(window, 10) * SECONDS[unit])));
}

function check(subject: Subject): Violation[] {
  const { stack, visitors } = subject;
  if (!visitors) return [];
  const rules = rulesInForce(subject, "http_ratelimit");
  if (rules.length === 0)
    return [{ stack, path: "resource.cloudflare_ruleset", found: "no limit on logins" }];
  return rules.flatMap(({ path, body, expression }) => {
    const { period, requests_per_period } = object(body.ratelimit);
    const needed = Math.max(...visitors.map(({ logins }) => mostLogins(logins, Number(period))));
    return [
      ...(expression === 'starts_with(http.request.uri.path, "/login")'
        ? []
        : [{ stack, path: `${path}.expression`, found: `${show(expression)} is not the path of logins` }]),
      ...(requests_per_period === needed
        ? []
        : [
            {
              stack,
              path: `${path}.ratelimit.requests_per_period`,
              found: `${show(requests_per_period)} in ${show(period)} s where ${needed} is the most that an environment allows`,
            },
          ]),
    ];
  });
}

const zone = (
  requests_per_period: number,
  expression = 'starts_with(http.request.uri.path, "/login")',
): Subject =>
  withRulesetRule(
    "http_ratelimit",
    { enabled: true, expression, ratelimit: { period: 10, requests_per_period } },
    { visitors: EXAMPLE_VISITORS },
  );

export const rule: Rule = {
  id: "login-flood-limit",
  reason:
    "Cloudflare's limit knows no host: stricter than the most generous environment it turns away its logins, looser it stops no flood.",
  remedy:
    "Let it be the most that any environment of the zone allows in the period, on paths that begin with /login.",
  check: (subjects) => subjects.flatMap(check),
  passing: [zone(100)],
  failing: [zone(10), zone(1_000_000), zone(100, "true")],
};
