import { withRulesetRule } from "../examples.ts";
import { object, show } from "../resources.ts";
import type { Rule, Subject, Violation } from "../rule.ts";
import { closedHosts, EXAMPLE_VISITORS, itemsOf, publicHostsOf, rulesInForce } from "../zone-rules.ts";

const PHASE = "http_request_cache_settings";
/**
 * Begin of every path whose answer belongs to one person: Kratos', Hydra's and the pages around them. Written here again on
 * purpose: a path that is missing in the list of constructs/zone-rules.ts would be missing in a shared one too.
 */
const PERSONAL = [
  "/login",
  "/registration",
  "/recovery",
  "/verification",
  "/settings",
  "/consent",
  "/logout",
  "/callback",
  "/oauth2/",
  "/self-service/",
  "/sessions/",
];

const FORM =
  /^\(http\.host in \{([^{}]*)\}\) and \((starts_with\(http\.request\.uri\.path, "[^"]+"\)(?: or starts_with\(http\.request\.uri\.path, "[^"]+"\))*)\)$/;

/** What a rule never caches: hosts and beginnings of paths. Empty for a form that is not understood. */
function bypassed(expression: string): { hosts: string[]; paths: string[] } {
  const [, hosts = "", paths = ""] = FORM.exec(expression) ?? [];
  return { hosts: itemsOf(hosts), paths: [...paths.matchAll(/"([^"]+)"/g)].map(([, path = ""]) => path) };
}

function check(subject: Subject): Violation[] {
  const { stack, visitors } = subject;
  if (!visitors) return [];
  const rules = rulesInForce(subject, PHASE);
  const caching = rules.filter(
    ({ body }) => JSON.stringify(object(body.action_parameters)) !== '{"cache":false}',
  );
  const covered = rules
    .filter((rule) => !caching.includes(rule))
    .map(({ expression }) => bypassed(expression));
  const missing = visitors
    .flatMap((visitor) => [
      ...publicHostsOf(visitor),
      ...closedHosts(visitor).filter((h) => h !== visitor.hosts.mail),
    ])
    .flatMap((host) =>
      PERSONAL.filter(
        (path) =>
          !covered.some(
            ({ hosts, paths }) => hosts.includes(host) && paths.some((begin) => path.startsWith(begin)),
          ),
      ).map((path) => `${host}${path}`),
    );
  return [
    ...caching.map(({ path, body }) => ({
      stack,
      path: `${path}.action_parameters`,
      found: `${show(body.action_parameters)} may cache`,
    })),
    ...(missing.length
      ? [
          {
            stack,
            path: "resource.cloudflare_ruleset",
            found: `${missing[0]} may be cached${missing.length > 1 ? `, and ${missing.length - 1} more` : ""}`,
          },
        ]
      : []),
  ];
}

const zone = (hosts: string, paths: readonly string[], cache = false): Subject =>
  withRulesetRule(
    PHASE,
    {
      enabled: true,
      expression: `(http.host in {${hosts}}) and (${paths.map((path) => `starts_with(http.request.uri.path, "${path}")`).join(" or ")})`,
      action_parameters: { cache },
    },
    { visitors: EXAMPLE_VISITORS },
  );
const ALL = '"ciam.a.com" "pgadmin.a.com" "staging-ciam.a.com"';

export const rule: Rule = {
  id: "cache-bypass",
  reason: "A cached answer to a login, session or token is shown to the next visitor.",
  remedy:
    "Cover every published host and every personal path by one rule with cache: false, and cache nothing else.",
  check: (subjects) => subjects.flatMap(check),
  passing: [zone(ALL, PERSONAL)],
  failing: [zone('"staging-ciam.a.com"', PERSONAL), zone(ALL, PERSONAL.slice(1)), zone(ALL, PERSONAL, true)],
};
