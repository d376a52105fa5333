import type { Difference } from "./difference.ts";
import { begins, pathMatcher, patternOf } from "./pattern.ts";

/** What may make a mirror differ, its name aside: the keys of the overlay, its extras, and a run that was allowed to destroy. */
export const CAUSES = ["domain", "hostType", "rateLimits", "extras", "destroyable"] as const;
export type Cause = (typeof CAUSES)[number];

export interface Bound {
  readonly cause: Cause;
  /** Path; `*` is one part of it, a closing `**` any rest. */
  readonly where: string;
  /**
   * `text`: only texts of the domain change inside a text. `value`: the value as a whole may change.
   * `hosts`: only hosts of its own come into a list inside a text.
   * `whole`: everything at this path is new, nothing of it stands in the reference.
   * `unit`: the same, a systemd unit with a name of its own, no part of a shared one.
   */
  readonly how: "text" | "value" | "hosts" | "whole" | "unit";
  readonly reason: string;
}

const extra = (where: string, how: Bound["how"], reason: string): Bound => ({
  cause: "extras",
  where,
  how,
  reason,
});
const domain = (where: string): Bound => ({
  cause: "domain",
  where,
  how: "text",
  reason: "a host name may show wherever a host is named, but not in the bundle: what soaked is promoted",
});

const FIXED: readonly Bound[] = [
  domain("stack.**"),
  domain("zone.**"),
  domain("env.*"),
  domain("units.*"),
  {
    cause: "hostType",
    where: "stack.resource.hcloud_server.server.server_type",
    how: "value",
    reason: "a mirror may be smaller",
  },
  { cause: "hostType", where: "stack.output.monthly_cost.value.**", how: "value", reason: "and costs less" },
  {
    cause: "rateLimits",
    where: "zone.resource.cloudflare_ruleset.rules-http_ratelimit.rules.*.ratelimit.requests_per_period",
    how: "value",
    reason: "the flood limit of a zone lets through what Caddy does",
  },
  extra("stack.resource.cloudflare_workers_script.clock", "whole", "its clock is a Worker"),
  extra("stack.resource.cloudflare_workers_cron_trigger.clock-triggers", "whole", "and what fires it"),
  extra("stack.resource.cloudflare_dns_record.mailpit-*", "whole", "its mail sandbox has a host"),
  extra("units.*", "unit", "its timers are whole units"),
  extra("env.MAIL_SANDBOX", "value", "the bundle is the same; a value turns Mailpit on"),
  extra("env.SMS_BUDGET", "value", "simulation costs money only where logins are simulated"),
  extra("env.DISPOSABLE", "value", "data of synthetic people only may be dropped"),
  extra("env.SSH_KEYS", "value", "developers may log in where there is only synthetic data"),
  extra(
    "zone.resource.cloudflare_ruleset.rules-http_request_firewall_custom.rules.*.expression",
    "hosts",
    "what serves synthetic people only is closed to all but the office",
  ),
  {
    cause: "destroyable",
    where: "stack.resource.*.*.lifecycle.prevent_destroy",
    how: "value",
    reason: "OLYMPUS_ALLOW_DESTROY, for one run",
  },
  {
    cause: "destroyable",
    where: "stack.resource.*.*.delete_protection",
    how: "value",
    reason: "OLYMPUS_ALLOW_DESTROY, for one run",
  },
];

/**
 * Where the name of an environment may stand, always as it is: the texts are the same under every name but for the name.
 * Nothing else may hold it.
 */
export const NAMED: readonly string[] = [
  "stack.//.**",
  "stack.terraform.backend.*.*",
  "stack.provider.*.*.*",
  "stack.variable.**",
  "stack.resource.*.*.//.metadata.path",
  "stack.resource.*.*.count",
  "stack.resource.hcloud_*.*.name",
  "stack.resource.hcloud_*.*.labels.environment",
  "stack.resource.cloudflare_dns_record.*.comment",
  "stack.resource.cloudflare_workers_script.clock.script_name",
  "stack.resource.cloudflare_workers_script.clock.bindings.*.text",
  "stack.resource.cloudflare_workers_cron_trigger.clock-triggers.script_name",
  "stack.output.hibernated.value",
  "env.BACKUP_REPOSITORY",
];

/** The same of what an environment has to itself beside its name. */
export const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  deployKey: ["stack.resource.hcloud_ssh_key.deploy.public_key", "env.SSH_KEYS"],
  deployKeyFingerprint: ["stack.moved.*.from"],
  firstAdministrator: ["env.FIRST_ADMINISTRATOR"],
};

/** What no two environments may share, by what happens when they do. */
export const DISTINCT: readonly { readonly where: string; readonly why: string }[] = [
  {
    where: "stack.terraform.backend.*.path",
    why: "one state for both: the second deploy destroys the first",
  },
  { where: "stack.terraform.backend.*.key", why: "one state for both: the second deploy destroys the first" },
  ...["bucket", "profile"].map((name) => ({
    where: `stack.terraform.backend.s3.${name}`,
    why: "one key for both states: who writes prod's runs code at its next plan",
  })),
  { where: "stack.//.metadata.stackName", why: "one stack for both" },
  ...["token", "api_token"].map((name) => ({
    where: `stack.provider.*.*.${name}`,
    why: "one token for both: what deploys the one can delete the other",
  })),
  ...["server", "volume", "firewall", "primary_ip"].map((kind) => ({
    where: `stack.resource.hcloud_${kind}.*.name`,
    why: "it would not say whose it is",
  })),
  {
    where: "stack.resource.hcloud_ssh_key.deploy.public_key",
    why: "one key for both: what deploys the one is root on the other",
  },
  {
    where: "stack.resource.cloudflare_dns_record.*.name",
    why: "one host for both: half of the visitors go astray",
  },
  {
    where: "stack.resource.cloudflare_origin_ca_certificate.*.csr",
    why: "one key for both: staging could pose as prod",
  },
  {
    where: "stack.resource.cloudflare_workers_script.*.script_name",
    why: "the second Worker replaces the first",
  },
  { where: "env.*_HOST", why: "one host for both: cookies, issuers and sessions would mix" },
  { where: "env.EMAIL_FROM", why: "it would not say whose mail it is" },
  {
    where: "env.BACKUP_REPOSITORY",
    why: "one store for both: data of the one can be restored into the other",
  },
];

/** Where each cause may show; of the rate limits only those `endpoints` that an overlay names (`login`). */
export const boundsOf = (endpoints: readonly string[]): Bound[] => [
  ...FIXED,
  ...endpoints.flatMap((endpoint) =>
    ["EVENTS", "WINDOW"].map(
      (part): Bound => ({
        cause: "rateLimits",
        where: `env.RATE_LIMIT_${endpoint.toUpperCase()}_${part}`,
        how: "value",
        reason: "testers log in more often than real people",
      }),
    ),
  ),
];

/** Whether `cause` may show as this difference. */
export const isAllowed = (cause: Cause, difference: Difference, bounds: readonly Bound[]): boolean =>
  bounds.some((bound) => bound.cause === cause && covers(bound, difference));

const UNIT = /^olympus-[a-z0-9]+(-[a-z0-9]+)*\.(service|timer)$/;
/** Terraform runs these where it is applied: nothing that a mirror alone may bring. */
const RUNS_COMMANDS = ["provisioner", "connection"];

function covers({ where, how }: Bound, difference: Difference): boolean {
  const { keys } = difference;
  const { fixed } = patternOf(where);
  // A new whole covers all that lies below it; a value only itself.
  if (how === "whole")
    return (
      begins(fixed, keys) &&
      difference.isNewBelow(fixed.length) &&
      !RUNS_COMMANDS.includes(String(keys[fixed.length]))
    );
  if (!pathMatcher(where)(keys)) return false;
  if (how === "text") return difference.textOnly();
  if (how === "hosts") return difference.addsOwnHosts();
  // Another value, not another type, nor one that comes or goes.
  if (how === "value")
    return difference.right !== undefined && typeof difference.left === typeof difference.right;
  const name = String(keys.at(-1));
  return difference.isNewBelow(2) && UNIT.test(name) && !difference.leftHas(["bundle", `systemd/${name}`]);
}
