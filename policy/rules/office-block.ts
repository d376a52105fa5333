import { withRulesetRule } from "../examples.ts";
import type { Rule, Subject, Violation } from "../rule.ts";
import { closedHosts, EXAMPLE_VISITORS, itemsOf, publicHostsOf, rulesInForce } from "../zone-rules.ts";

const PHASE = "http_request_firewall_custom";
const FORM = /^\(http\.host in \{([^{}]*)\}\) and not \(ip\.src in \{([^{}]*)\}\)$/;

function check(subject: Subject): Violation[] {
  const { stack, visitors } = subject;
  if (!visitors) return [];
  const office = [...new Set(visitors.flatMap(({ office }) => office))].sort();
  const blocks = rulesInForce(subject, PHASE)
    .filter(({ body }) => body.action === "block")
    .flatMap(({ path, expression }) => {
      const [, hosts, ranges] = FORM.exec(expression) ?? [];
      return hosts === undefined || ranges === undefined
        ? []
        : [{ path: `${path}.expression`, hosts: itemsOf(hosts), ranges: itemsOf(ranges).sort() }];
    });
  const foreign = blocks.flatMap(({ path, ranges }) =>
    ranges
      .filter((range) => !office.includes(range))
      .map((range) => ({ path, found: `${range} is not a range of the office` })),
  );
  const missing = blocks.flatMap(({ path, ranges }) =>
    office
      .filter((range) => !ranges.includes(range))
      .map((range) => ({ path, found: `${range} is shut out` })),
  );
  const shut = visitors
    .flatMap(publicHostsOf)
    .flatMap((host) =>
      blocks
        .filter(({ hosts }) => hosts.includes(host))
        .map(({ path }) => ({ path, found: `${host} is shut to the world` })),
    );
  const open = visitors
    .flatMap(closedHosts)
    .filter((host) => !blocks.some(({ hosts }) => hosts.includes(host)))
    .map((host) => ({ path: "resource.cloudflare_ruleset", found: `${host} is open to the world` }));
  return [...foreign, ...missing, ...shut, ...open].map((violation) => ({ stack, ...violation }));
}

const zone = (hosts: string, ranges: string, action = "block"): Subject =>
  withRulesetRule(
    PHASE,
    { enabled: true, action, expression: `(http.host in {${hosts}}) and not (ip.src in {${ranges}})` },
    { visitors: EXAMPLE_VISITORS },
  );
const CLOSED = '"pgadmin.a.com" "staging-ciam.a.com"';

export const rule: Rule = {
  id: "office-block",
  reason:
    "Administrators' hosts and all of staging are for the office; what real people use is for everybody.",
  remedy: "Let one rule block exactly the closed hosts for every address but the office's ranges.",
  check: (subjects) => subjects.flatMap(check),
  passing: [zone(CLOSED, "192.0.2.0/24")],
  failing: [
    zone(CLOSED, "0.0.0.0/0"),
    zone('"pgadmin.a.com"', "192.0.2.0/24"),
    zone(`${CLOSED} "ciam.a.com"`, "192.0.2.0/24"),
    zone(CLOSED, "192.0.2.0/24", "log"),
  ],
};
