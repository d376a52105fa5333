import { isDeepStrictEqual } from "node:util";
import type { Path, ResourceKind } from "./kind.ts";
import { isObject, objectOf, unknown, type Value, type Values } from "./values.ts";

const common = { keeps: ["id"], defaults: {}, stale: [] } as const;

const records: Path = ({ zone_id }) => `zones/${zone_id}/dns_records`;
const record: Path = (state) => `${records(state)}/${state.id}`;
const setting: Path = ({ zone_id, setting_id }) => `zones/${zone_id}/settings/${setting_id}`;
const rulesets: Path = ({ zone_id, account_id }) =>
  `${zone_id ? `zones/${zone_id}` : `accounts/${account_id}`}/rulesets`;
const ruleset: Path = (state) => `${rulesets(state)}/${state.id}`;
const certificate: Path = ({ id }) => `certificates/${id}`;
const pulls: Path = ({ zone_id }) => `zones/${zone_id}/origin_tls_client_auth/settings`;
const pullHosts: Path = ({ zone_id }) => `zones/${zone_id}/origin_tls_client_auth/hostnames`;

const recordTypes =
  "A AAAA CNAME MX NS OPENPGPKEY PTR TXT CAA CERT DNSKEY DS HTTPS LOC NAPTR SMIMEA SRV SSHFP SVCB TLSA URI";
const phases =
  "ddos_l4 ddos_l7 http_config_settings http_custom_errors http_log_custom_fields http_ratelimit " +
  "http_request_cache_settings http_request_dynamic_redirect http_request_firewall_custom " +
  "http_request_firewall_managed http_request_late_transform http_request_origin http_request_redirect " +
  "http_request_sanitize http_request_sbfm http_request_transform http_response_compression " +
  "http_response_firewall_managed http_response_headers_transform magic_transit magic_transit_ids_managed " +
  "magic_transit_managed magic_transit_ratelimit";
const actions =
  "block challenge compress_response ddos_dynamic execute force_connection_close js_challenge log " +
  "log_custom_field managed_challenge redirect rewrite route score serve_error set_cache_settings set_config skip";
const words = (text: string) => text.split(" ");

/** Resource types whose objects belong to a zone. */
export const zoneKinds: Readonly<Record<string, ResourceKind>> = {
  cloudflare_dns_record: {
    ...common,
    create: { method: "POST", path: records },
    read: record,
    update: { method: "PUT", path: record },
    remove: record,
    address: ["zone_id"],
    imports: "<zone_id>/<id>",
    replaces: ["zone_id", "type"],
    keeps: ["id", "created_on", "proxiable", "meta", "settings", "tags"],
    defaults: { proxied: false },
    oneOf: { type: words(recordTypes) },
    alike: sameName,
    settle: settleRecord,
  },
  cloudflare_zone_setting: {
    ...common,
    create: { method: "PATCH", path: setting },
    read: setting,
    update: { method: "PATCH", path: setting },
    address: ["zone_id", "setting_id"],
    named: "setting_id",
    imports: "<zone_id>/<setting_id>",
    replaces: ["zone_id", "setting_id"],
  },
  cloudflare_ruleset: {
    ...common,
    create: { method: "POST", path: rulesets },
    read: ruleset,
    update: { method: "PUT", path: ruleset },
    remove: ruleset,
    address: ["zone_id", "account_id"],
    imports: "zones/<zone_id>/<id>",
    replaces: ["zone_id", "account_id", "kind", "name", "phase"],
    defaults: {
      description: "",
      rules: [],
      "rules.action_parameters": {},
      "rules.description": "",
      "rules.enabled": true,
      "rules.ratelimit.requests_to_origin": false,
    },
    oneOf: {
      kind: ["managed", "custom", "root", "zone"],
      phase: words(phases),
      "rules.action": words(actions),
    },
    exactlyOne: ["zone_id", "account_id"],
    settle: settleRules,
  },
  cloudflare_origin_ca_certificate: {
    ...common,
    create: { method: "POST", path: () => "certificates" },
    read: certificate,
    remove: certificate,
    address: [],
    imports: "<id>",
    replaces: ["csr", "hostnames", "request_type", "requested_validity"],
    defaults: { requested_validity: 5475 },
    stale: ["csr", "requested_validity"],
    oneOf: { request_type: ["origin-rsa", "origin-ecc", "keyless-certificate"] },
  },
  cloudflare_authenticated_origin_pulls_settings: {
    ...common,
    create: { method: "PUT", path: pulls },
    read: pulls,
    update: { method: "PUT", path: pulls },
    address: ["zone_id"],
    imports: "<zone_id>",
    replaces: ["zone_id"],
    keeps: [],
  },
  cloudflare_authenticated_origin_pulls: {
    ...common,
    create: { method: "PUT", path: pullHosts },
    read: (state) => `${pullHosts(state)}/${state.hostname}`,
    update: { method: "PUT", path: pullHosts },
    address: ["zone_id", "hostname"],
    imports: "<zone_id>/<hostname>",
    replaces: ["zone_id", "hostname"],
    keeps: [],
    stale: ["config", "id", "private_key"],
  },
};

/** The API answers the full name and may change the case of a CNAME's target: neither is a change. */
function sameName(wanted: Values, prior: Values): void {
  const name = text(wanted.name).replace(/\.$/, "");
  const stored = text(prior.name);
  if (stored.startsWith(`${name}.`) || name === stored || name === "@") wanted.name = stored;
  const sameTarget = text(wanted.content).toLowerCase() === text(prior.content).toLowerCase();
  if (wanted.type === "CNAME" && sameTarget) wanted.content = prior.content ?? null;
}

const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");

function settleRecord(planned: Values, prior: Values): void {
  const dated = (field: "comment" | "tags") => {
    if (Object.keys(planned[field] ?? {}).length === 0) return null;
    return isDeepStrictEqual(planned[field], prior[field])
      ? (prior[`${field}_modified_on`] ?? null)
      : unknown;
  };
  planned.comment_modified_on = dated("comment");
  planned.tags_modified_on = dated("tags");
  if (planned.data && isDeepStrictEqual(planned.data, prior.data)) planned.content = prior.content ?? null;
}

/** A rule keeps its id while its `ref` stays, and its logging while its action does. */
function settleRules(planned: Values, prior: Values): void {
  if (!Array.isArray(planned.rules) || !Array.isArray(prior.rules)) return;
  const known = new Map(prior.rules.filter(isObject).map((rule) => [rule.ref, rule]));
  planned.rules = planned.rules.map((rule) => {
    const before = known.get(objectOf(rule).ref);
    if (!isObject(rule) || !before) return rule;
    const logging = rule.logging === unknown && rule.action === before.action ? before.logging : rule.logging;
    return { ...rule, id: before.id ?? null, logging: logging ?? null };
  });
}
