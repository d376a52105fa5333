import { afterAll, expect, test } from "vitest";
import { PlantedCheckout, type PlantedFault } from "../support/planted.ts";
import { onlyAccepted } from "../support/said.ts";

/** What is planted where the zone's stack is made; each was written without a word before the zone was in the proof. */
const RULES = "constructs/zone-rules.ts";
const SETTINGS = "constructs/zone-settings.ts";
const STACK = "stacks/zone-stack.ts";
const ENTRYPOINT = "rules: [{ enabled: true, ...rule }],";
const LAST_RULE = 'entrypoint("http_ratelimit", "Olympus: login flood", {';
const HOSTS = "hosts: environments.flatMap(published),";
const CLOSED = "closedHosts: environments.flatMap((env) =>";
const OFFICE = "officeCidrs: office.cidrs,";
const LIMIT =
  "loginsPerTenSeconds: Math.max(...environments.map((env) => perTenSeconds(env.rateLimits.login))),";

const FAULTS: readonly PlantedFault[] = [
  [
    "the office is the whole world",
    STACK,
    OFFICE,
    'officeCidrs: ["0.0.0.0/0"],',
    /office-block[\s\S]*0\.0\.0\.0\/0/,
  ],
  [
    "the office is the whole world for one family",
    STACK,
    OFFICE,
    'officeCidrs: [...office.cidrs, "::/0"],',
    /office-block/,
  ],
  ["part of the office is shut out", STACK, OFFICE, "officeCidrs: office.cidrs.slice(1),", /is shut out/],
  [
    "cache bypass for production alone",
    STACK,
    HOSTS,
    "hosts: published(environments[0]),",
    /law +composition|cache-bypass/,
  ],
  [
    "cache bypass for staging alone",
    STACK,
    HOSTS,
    "hosts: environments.filter((env) => env.extras).flatMap(published),",
    /cache-bypass|law +bounds/,
  ],
  ["logins are cached", RULES, "cache: false", "cache: true", /cache-bypass/],
  ["tokens are cached", RULES, '  "/oauth2/",\n', "", /cache-bypass[\s\S]*oauth2/],
  ["staging is open", STACK, "env.extras\n          ?", "env.extras && false\n          ?", /office-block/],
  [
    "pgAdmin is open",
    STACK,
    'ADMIN_SERVICES.filter((s) => s !== "mail")',
    'ADMIN_SERVICES.filter((s) => s !== "mail" && s !== "pgadmin")',
    /pgadmin\.your-app\.com is open/,
  ],
  ["production is shut", STACK, CLOSED, `${CLOSED} true ? published(env) :`, /shut to the world/],
  [
    "a client certificate is not asked for",
    SETTINGS,
    'tls_client_auth: "on"',
    'tls_client_auth: "off"',
    /tls_client_auth/,
  ],
  ["a setting is forgotten", SETTINGS, '  always_use_https: "on",\n', "", /always_use_https/],
  ["TLS 1.3 is off", SETTINGS, 'tls_1_3: "on"', 'tls_1_3: "off"', /tls_1_3/],
  ["a setting that replays", SETTINGS, 'ssl: "strict",', 'ssl: "strict", "0rtt": "on",', /zone-setting-weak/],
  [
    "no security level",
    SETTINGS,
    'ssl: "strict",',
    'ssl: "strict", security_level: "off",',
    /zone-setting-weak/,
  ],
  ["every rule is off", RULES, ENTRYPOINT, "rules: [{ enabled: false, ...rule }],", /enabled is false/],
  [
    "a rule that skips the others",
    RULES,
    ENTRYPOINT,
    'rules: [{ enabled: true, ...rule }, ...(phase === "http_request_firewall_custom" ? [{ enabled: true, ref: "x", expression: "true", action: "skip" }] : [])],',
    /action is "skip"/,
  ],
  [
    "a block that only logs",
    RULES,
    'action: "block",\n    });',
    'action: "log",\n    });',
    /ruleset-in-force/,
  ],
  [
    "another phase",
    RULES,
    LAST_RULE,
    `entrypoint("http_request_origin", "x", { expression: "true", action: "route", actionParameters: { hostHeader: "x" } });\n    ${LAST_RULE}`,
    /http_request_origin/,
  ],
  ["the strictest limit", STACK, LIMIT, LIMIT.replace("Math.max", "Math.min"), /requests_per_period/],
  ["a limit without end", STACK, LIMIT, "loginsPerTenSeconds: 1_000_000,", /login-flood-limit/],
  [
    "a limit on every path",
    RULES,
    "'starts_with(http.request.uri.path, \"/login\")'",
    '"true"',
    /login-flood-limit|expression/,
  ],
  [
    "a rule for the environment of a name",
    STACK,
    HOSTS,
    'hosts: environments.filter((env) => env.name !== "staging").flatMap(published),',
    /law +identity/,
  ],
  [
    "a setting that follows from the domain",
    STACK,
    'new ZoneSettings(this, "setting", zone.id);',
    'if (environments[0].domain === zone.name) new ZoneSettings(this, "setting", zone.id);',
    /law +bounds, cause domain/,
  ],
  [
    "a setting that follows from extras",
    STACK,
    'new ZoneSettings(this, "setting", zone.id);',
    'new ZoneSettings(this, "setting", zone.id); if (environments.every((env) => env.extras)) new ZoneSettings(this, "second", zone.id);',
    /law +bounds, cause extras/,
  ],
  [
    "a resource of another kind",
    STACK,
    'new ZoneSettings(this, "setting", zone.id);',
    'new ZoneSettings(this, "setting", zone.id); new (require("@cdktf/provider-cloudflare/lib/workers-route/index.js").WorkersRoute)(this, "route", { zoneId: zone.id, pattern: "*/*", script: "x" });',
    /zone-resource-known/,
  ],
  [
    "a record of a host",
    STACK,
    "if (dns) new",
    'new (require("@cdktf/provider-cloudflare/lib/dns-record/index.js").DnsRecord)(this, "own", { zoneId: zone.id, name: zone.name, type: "A", content: "192.0.2.1", ttl: 1, proxied: true }); if (dns) new',
    /zone-resource-known/,
  ],
  [
    "a TXT record that is none of ours",
    STACK,
    "if (dns) new",
    'new (require("@cdktf/provider-cloudflare/lib/dns-record/index.js").DnsRecord)(this, "own", { zoneId: zone.id, name: zone.name, type: "TXT", content: \'"verification=1"\', ttl: 1 }); if (dns) new',
    /zone-resource-known/,
  ],
  [
    "records of production alone",
    STACK,
    "if (dns) new ZoneRecords(this, ZONE_RECORDS_ID, zone, dns)",
    'if (environments.some((env) => !env.extras)) new ZoneRecords(this, "dns", zone, { caa: ["pki.goog"] })',
    /law +(composition|bounds)/,
  ],
  [
    "records at the domain of whoever is first",
    STACK,
    "if (dns) new ZoneRecords(this, ZONE_RECORDS_ID, zone, dns)",
    'new ZoneRecords(this, "dns", { ...zone, name: environments[0].domain }, { caa: ["pki.goog"] })',
    /law +composition|zone-record-form/,
  ],
];

const checkout = new PlantedCheckout();
afterAll(() => checkout.remove());

test("the program as it is has nothing to object to", async () => {
  expect(await checkout.synth([])).toEqual({ stderr: onlyAccepted, written: ["cdktf.out"] });
});

test.each(FAULTS)("%s", async (...fault) => checkout.refuses(fault));
