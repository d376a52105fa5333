import { withResource } from "../examples.ts";
import { resources, show } from "../resources.ts";
import type { Rule, Subject, Violation } from "../rule.ts";

function check(subject: Subject): Violation[] {
  const { stack, declared, env } = subject;
  if (!declared) return [];
  const servers = resources(subject, "hcloud_server")
    .filter(({ body }) => body.server_type !== declared.hostType)
    .map(({ path, body }) => ({
      stack,
      path: `${path}.server_type`,
      found: `${show(body.server_type)} where the configuration says ${declared.hostType}`,
    }));
  const limits = Object.entries(declared.rateLimits).flatMap(([endpoint, { events, window }]) =>
    [
      [`RATE_LIMIT_${endpoint.toUpperCase()}_EVENTS`, String(events)] as const,
      [`RATE_LIMIT_${endpoint.toUpperCase()}_WINDOW`, window] as const,
    ]
      .filter(([key, value]) => env !== undefined && env[key] !== value)
      .map(([key, value]) => ({
        stack,
        path: `env.${key}`,
        found: `${show(env?.[key])} where the configuration says ${value}`,
      })),
  );
  return [...servers, ...limits];
}

const DECLARED = { hostType: "cax11", rateLimits: { login: { events: 10, window: "1m" } } };
const SAID = { RATE_LIMIT_LOGIN_EVENTS: "10", RATE_LIMIT_LOGIN_WINDOW: "1m" };
const server = (server_type: string, env: Readonly<Record<string, string>>): Subject =>
  withResource("hcloud_server", { server_type }, { declared: DECLARED, env });

export const rule: Rule = {
  id: "declared-values",
  reason: "A key of the overlay may change these values, and nothing else checks what it changes them to.",
  remedy: "Hand the configured value on as it is.",
  check: (subjects) => subjects.flatMap(check),
  passing: [server("cax11", SAID)],
  failing: [server("cax41", SAID), server("cax11", { ...SAID, RATE_LIMIT_LOGIN_EVENTS: "1000000" })],
};
