import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { loadFleet } from "../../config/index.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { newRequestAndKey } from "../../lib/x509.ts";
import { documentFindingsAsText, findingsAsText } from "../../parity/report/text.ts";
import { describePolicy } from "../../policy/evaluate.ts";
import { checkFleet } from "../../stacks/program.ts";
import { base } from "../support/fleet/base.ts";
import { identities } from "../support/fleet/identities.ts";
import { staging } from "../support/fleet/staging.ts";

/** Names that people give environments; half of them are words that stand in the bundle or in other texts. */
const NAMES = [
  ...[
    "prod",
    "production",
    "live",
    "main",
    "staging",
    "stage",
    "dev",
    "test",
    "data",
    "app",
    "api",
    "root",
    "iam",
  ],
  ...[
    "pre-prod",
    "staging-eu",
    "prod-us",
    "qa",
    "uat",
    "demo",
    "server",
    "olympus",
    "public",
    "a",
    "b2",
    "eu",
  ],
  ...["ciam", "mail", "caddy", "x-1", "hydra", "postgres", "zone", "office"],
];
const APEXES = [
  "acme.com",
  "your-app.com",
  "example.co.uk",
  "staging.io",
  "prod-app.dev",
  "data.eu",
  "xn--p1ai-q.com",
];
const hex = (n: number): string => n.toString(16).padStart(32, "0");

const LABELS = ["staging", "prod", "dev", "x", "test-1", "data", "pre-prod"];
/** For environments that would share a domain. */
const SPARE = Array.from({ length: 12 }, (_, i) => `e${i}`);
const label = fc.constantFrom(...LABELS);

/** A folder with a certificate request for every domain that a fleet may have. */
export async function makeRequests(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-requests-"));
  for (const domain of APEXES.flatMap((apex) => [apex, ...[...LABELS, ...SPARE].map((l) => `${l}.${apex}`)]))
    writeFileSync(join(folder, `${domain}.csr`), (await newRequestAndKey(`CN=${domain}`)).request);
  return folder;
}

/** Whatever is said against a fleet. */
export function objectionsTo(source: ConfigSource): string[] {
  const { parity, documents, policy } = checkFleet(loadFleet(source, {}));
  return [
    ...parity.filter(({ findings }) => findings.length).map(findingsAsText),
    ...(documents.length ? [documentFindingsAsText(documents)] : []),
    ...(policy.length ? [describePolicy(policy)] : []),
  ];
}

const extras = fc.record({
  timeZone: fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"),
  nightlyStop: fc.constantFrom("0 20 * * MON-FRI", "30 19 * * *"),
  fallbackTypes: fc.constantFrom(undefined, ["cax21"], ["cax31", "cax41"]),
  sms: fc.constantFrom(undefined, { perMonth: 5 }),
  mail: fc.constantFrom("mailpit" as const, "provider-sandbox" as const),
  users: fc.constantFrom(1, 1000),
});

const KEY = `k=rsa; p=${"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKB".repeat(10)}`;
const mail = {
  spf: fc.constantFrom(
    { terms: ["include:spf.mtasv.net"], others: "softfail" as const },
    { terms: ["mx", "ip4:192.0.2.0/24", "include:amazonses.com"], others: "fail" as const },
  ),
  dkim: fc.constantFrom({ pm: KEY }, { a1: "a1.dkim.amazonses.com", a2: "a2.dkim.amazonses.com" }),
  dmarc: fc.record({
    policy: fc.constantFrom("none" as const, "quarantine" as const, "reject" as const),
    reports: fc.constantFrom("dmarc@acme.com", "prod@staging.io"),
  }),
};
/** Records of a zone's own; those of mail are for the first environment's domain. */
const dns = fc.oneof(
  fc.record({ caa: fc.constantFrom(["letsencrypt.org"], ["pki.goog", "sectigo.com"]) }),
  fc.record({
    caa: fc.constantFrom(undefined, ["ssl.com"]),
    mail: fc.oneof(...Object.entries(mail).map(([key, part]) => fc.record({ [key]: part })), fc.record(mail)),
  }),
);

const withLabel = (block: object, label: string | undefined) => ({
  ...block,
  ...("mail" in block && label !== undefined && { mail: { ...(block.mail as object), label } }),
});

/** The names of a fleet, its zones and what each environment is: every one of them is sound. */
export const soundFleets = (most: number, requests: string) =>
  fc
    .record({
      names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 2, maxLength: most }),
      apexes: fc.uniqueArray(fc.constantFrom(...APEXES), { minLength: 1, maxLength: 3 }),
      places: fc.array(fc.tuple(fc.nat(2), fc.option(label)), { minLength: most, maxLength: most }),
      types: fc.array(fc.constantFrom("cax11", "cax21", "cax31"), { minLength: most, maxLength: most }),
      limits: fc.array(
        fc.dictionary(
          fc.constantFrom("login", "recovery", "registration", "token"),
          fc.record({
            events: fc.integer({ min: 1, max: 500 }),
            window: fc.constantFrom("10s", "1m", "5s", "1h"),
          }),
          { maxKeys: 4 },
        ),
        { minLength: most, maxLength: most },
      ),
      extras: fc.array(fc.option(extras, { nil: undefined }), { minLength: most, maxLength: most }),
      owner: fc.constantFrom("jane@staging", "prod", "dev laptop", "root@data", "any-environment"),
      alertEmail: fc.constantFrom("prod-oncall@acme.com", "staging@acme.com", "oncall@your-app.com"),
      repository: fc.constantFrom("acme/prod-infra", "staging/olympus", "dev/dev", "a/any-environment"),
      senderName: fc.constantFrom("Prod", "Your App", "Staging & Co."),
      dns: fc.option(dns, { nil: undefined }),
    })
    .map(({ names, apexes, places, types, limits, extras, owner, ...rest }): ConfigSource => {
      const taken = new Set<string>();
      const domains = names.map((_, i) => {
        const [zone = 0, label] = places[i] ?? [];
        const apex = apexes[zone % apexes.length] ?? "acme.com";
        const wanted = label ? `${label}.${apex}` : apex;
        const domain = taken.has(wanted) ? `e${i}.${apex}` : wanted;
        taken.add(domain);
        return domain;
      });
      const overlay = (i: number) => ({
        domain: domains[i],
        hostType: types[i],
        rateLimits: limits[i],
      });
      const mirror = (i: number) => {
        const { users, nightlyStop, ...more } = extras[i] ?? {};
        // An account of the free Workers plan has five cron triggers.
        if (users === undefined || i > 5) return overlay(i);
        return {
          ...overlay(i),
          extras: {
            ...staging.extras,
            ...more,
            nightlyStop,
            morningStart: nightlyStop?.endsWith("*") ? "0 7 * * *" : "0 7 * * MON-FRI",
            seed: { ...staging.extras?.seed, users },
          },
        };
      };
      const [label] = apexes.includes(domains[0] ?? "") ? [] : (domains[0] ?? "").split(".");
      const key = base.operators.sshKeys.operator?.split(" ").slice(0, 2).join(" ");
      return {
        requests,
        base: {
          ...base,
          environments: identities(names),
          zones: Object.fromEntries(apexes.map((apex, i) => [apex, hex(i + 1)])),
          repository: rest.repository,
          operators: { ...base.operators, sshKeys: { staging: `${key} ${owner}` } },
          monitoring: { ...base.monitoring, alertEmail: rest.alertEmail },
          email: { ...base.email, senderName: rest.senderName },
          ...(rest.dns && { dns: withLabel(rest.dns, label) }),
        },
        reference: [names[0] ?? "prod", overlay(0)],
        mirrors: names.slice(1).map((name, i) => [name, mirror(i + 1)] as const),
      };
    });
