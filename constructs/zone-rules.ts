import { Construct } from "constructs";
import { Ruleset, type RulesetRules } from "./cloudflare.ts";

export interface ZoneRulesProps {
  readonly zoneId: string;
  /** Every public host of every environment in the zone. */
  readonly hosts: readonly string[];
  /** Hosts that only the office may open. */
  readonly closedHosts: readonly string[];
  readonly officeCidrs: readonly string[];
  /** Most logins that any environment of the zone allows one visitor in ten seconds. */
  readonly loginsPerTenSeconds: number;
}

/** Paths whose answers belong to one person. */
const AUTH_PATHS = [
  "/login",
  "/registration",
  "/recovery",
  "/verification",
  "/settings",
  "/consent",
  "/logout",
  "/callback",
  "/oauth2/",
  "/api/",
  "/self-service/",
  "/sessions/",
];

/** A zone has one entrypoint per phase, so all environments in it are composed here. */
export class ZoneRules extends Construct {
  constructor(scope: Construct, id: string, props: ZoneRulesProps) {
    super(scope, id);
    const entrypoint = (phase: string, name: string, rule: RulesetRules) =>
      new Ruleset(this, phase, {
        zoneId: props.zoneId,
        kind: "zone",
        name,
        phase,
        rules: [{ enabled: true, ...rule }],
      });

    entrypoint("http_request_cache_settings", "Olympus: never cache what belongs to one person", {
      ref: "olympus_auth_paths",
      description: "No cache for authentication paths",
      expression: `${among("http.host", quoted(props.hosts))} and (${AUTH_PATHS.map((path) => `starts_with(http.request.uri.path, "${path}")`).join(" or ")})`,
      action: "set_cache_settings",
      actionParameters: { cache: false },
    });
    entrypoint("http_request_firewall_custom", "Olympus: closed hosts", {
      ref: "olympus_closed_hosts",
      description: "Admin hosts and rehearsal hosts are for the office only",
      expression: `${among("http.host", quoted(props.closedHosts))} and not ${among("ip.src", props.officeCidrs)}`,
      action: "block",
    });
    // A coarse backstop: the free plan counts by address over ten seconds and knows no host. The real limits are Caddy's.
    entrypoint("http_ratelimit", "Olympus: login flood", {
      ref: "olympus_login_flood",
      description: "More logins from one address than any environment allows",
      expression: 'starts_with(http.request.uri.path, "/login")',
      action: "block",
      ratelimit: {
        characteristics: ["cf.colo.id", "ip.src"],
        period: 10,
        requestsPerPeriod: props.loginsPerTenSeconds,
        mitigationTimeout: 10,
      },
    });
  }
}

const quoted = (values: readonly string[]): string[] => values.map((value) => `"${value}"`);
const among = (field: string, values: readonly string[]): string =>
  `(${field} in {${[...values].sort().join(" ")}})`;
