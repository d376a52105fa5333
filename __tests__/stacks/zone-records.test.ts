import { rmSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { declaredDocuments } from "../../stacks/program.ts";
import { changedSource } from "../config/changed-source.ts";
import { makeRequests, objectionsTo } from "./sound-fleets.ts";

const requests = await makeRequests();
afterAll(() => rmSync(requests, { recursive: true, force: true }));

const KEY = `k=rsa; p=${"A".repeat(360)}`;
const mail = {
  spf: { terms: ["include:spf.mtasv.net", "mx"], others: "softfail" },
  dkim: { pm: KEY, ses1: "ses1.dkim.amazonses.com" },
  dmarc: { policy: "quarantine", reports: "dmarc@acme.com" },
};
const caa = ["letsencrypt.org", "pki.goog"];

/** Production and staging at these domains, in the zones that they name. */
const fleet = (prod: string, staging: string, block: unknown): ConfigSource => ({
  ...changedSource({
    base: { zones: { "acme.com": "1".repeat(32), "staging.io": "2".repeat(32) }, dns: block },
    prod: { domain: prod },
    staging: { domain: staging },
  }),
  requests,
});
const zoneOfName = (source: ConfigSource, stack: string) =>
  declaredDocuments(loadFleet(source, {}))[stack] as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };
/** Each record in a line, by its Terraform id. */
const records = (source: ConfigSource, stack = "zone-acme-com") =>
  Object.fromEntries(
    Object.entries(zoneOfName(source, stack).resource.cloudflare_dns_record ?? {}).map(
      ([id, { name, type, content, data }]) => [id, `${name} ${type} ${content ?? JSON.stringify(data)}`],
    ),
  );

const own = (domain: string) => ({
  "dns-spf": `${domain} TXT "v=spf1 include:spf.mtasv.net mx ~all"`,
  "dns-dkim-pm": `pm._domainkey.${domain} TXT "${KEY.slice(0, 255)}" "${KEY.slice(255)}"`,
  "dns-dkim-ses1": `ses1._domainkey.${domain} CNAME ses1.dkim.amazonses.com`,
  "dns-dmarc": `_dmarc.${domain} TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@acme.com"`,
});
const rights = (zone: string) => ({
  "dns-caa-letsencrypt_org": `${zone} CAA {"flags":0,"tag":"issue","value":"letsencrypt.org"}`,
  "dns-caa-pki_goog": `${zone} CAA {"flags":0,"tag":"issue","value":"pki.goog"}`,
});

test.each([
  ["at the zone itself", "acme.com", undefined, "acme.com"],
  ["one label below it", "x.acme.com", "x", "x.acme.com"],
])(
  "a shared zone holds them once, for the sending domain %s, and staging mirrors prod",
  (_, prod, label, domain) => {
    const source = fleet(prod, "staging.acme.com", { caa, mail: { label, ...mail } });
    expect(objectionsTo(source)).toEqual([]);
    expect(records(source)).toEqual({ ...rights("acme.com"), ...own(domain) });
  },
);

test.each([
  ["staging.io", "acme.com", undefined, "acme.com", "staging.io"],
  ["staging.io", "x.acme.com", "x", "x.acme.com", "x.staging.io"],
  ["dev.staging.io", "acme.com", undefined, "acme.com", "staging.io"],
])(
  "a zone of staging's own (%s, prod at %s) has them at the same place, and mirrors prod",
  (staging, prod, label, domain, there) => {
    const source = fleet(prod, staging, { caa, mail: { label, ...mail } });
    expect(objectionsTo(source)).toEqual([]);
    expect(records(source)).toEqual({ ...rights("acme.com"), ...own(domain) });
    expect(records(source, "zone-staging-io")).toEqual({ ...rights("staging.io"), ...own(there) });
  },
);

test.each([
  ["no block", undefined, {}],
  ["CAA alone", { caa }, rights("acme.com")],
  ["SPF alone", { mail: { spf: mail.spf } }, { "dns-spf": own("acme.com")["dns-spf"] }],
])("%s: that and nothing else", (_, block, expected) => {
  const source = fleet("acme.com", "staging.acme.com", block);
  expect(objectionsTo(source)).toEqual([]);
  expect(records(source)).toEqual(expected);
});

test("no record is behind the proxy, or says whose it is", () => {
  const document = zoneOfName(fleet("acme.com", "staging.acme.com", { caa, mail }), "zone-acme-com");
  for (const body of Object.values(document.resource.cloudflare_dns_record ?? {}))
    expect(body).toMatchObject({ proxied: false, ttl: 1, comment: "olympus-infra", zone_id: "1".repeat(32) });
});
