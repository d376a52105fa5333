import { expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { base } from "../support/fleet/base.ts";
import { staging } from "../support/fleet/staging.ts";
import { type Changed, changedSource, problemsOfChange } from "./changed-source.ts";

const { seed } = staging.extras ?? {};

/** What is changed, and the one place that must be named for it. */
const BAD: [title: string, changed: Changed, path: string][] = [
  ["an unknown key in the base", { base: { zonez: {} } }, "zonez"],
  ["a token in the base", { base: { hcloudToken: "x".repeat(64) } }, "hcloudToken"],
  ["no zone", { base: { zones: {} } }, "zones"],
  [
    "a zone id that is none",
    { base: { zones: { "your-app.com": "your-zone-id" } } },
    'zones["your-app.com"]',
  ],
  ["a zone id in capitals", { base: { zones: { "your-app.com": "A".repeat(32) } } }, 'zones["your-app.com"]'],
  ["an account id too short", { base: { cloudflareAccountId: "abc" } }, "cloudflareAccountId"],
  ["an unknown plan", { base: { cloudflarePlan: "enterprise" } }, "cloudflarePlan"],
  ["a location without ARM", { base: { location: "ash" } }, "location"],
  ["a datacenter for a location", { base: { location: "fsn1-dc14" } }, "location"],
  ["an image that is not pinned", { base: { image: "debian-latest" } }, "image"],
  ["a volume below Hetzner's least", { base: { volumeGb: 5 } }, "volumeGb"],
  ["a volume in half gigabytes", { base: { volumeGb: 20.5 } }, "volumeGb"],
  ["a volume as text", { base: { volumeGb: "20" } }, "volumeGb"],
  ["no SSH key", { base: { operators: { ...base.operators, sshKeys: {} } } }, "operators.sshKeys"],
  [
    "an RSA key",
    { base: { operators: { ...base.operators, sshKeys: { op: "ssh-rsa AAAAB3NzaC1yc2E op" } } } },
    "operators.sshKeys.op",
  ],
  [
    "a private key",
    { base: { developers: { sshKeys: { dev: "-----BEGIN OPENSSH PRIVATE KEY-----" } } } },
    "developers.sshKeys.dev",
  ],
  ["no operator range", { base: { operators: { ...base.operators, cidrs: [] } } }, "operators.cidrs"],
  [
    "SSH from everywhere",
    { base: { operators: { ...base.operators, cidrs: ["0.0.0.0/0"] } } },
    "operators.cidrs[0]",
  ],
  [
    "SSH from everywhere by IPv6",
    { base: { operators: { ...base.operators, cidrs: ["::/0"] } } },
    "operators.cidrs[0]",
  ],
  ["an address without a mask", { base: { office: { cidrs: ["198.51.100.7"] } } }, "office.cidrs[0]"],
  ["host bits in a range", { base: { office: { cidrs: ["198.51.100.7/24"] } } }, "office.cidrs[0]"],
  ["an IPv6 range in long form", { base: { office: { cidrs: ["2001:0db8:0000::/48"] } } }, "office.cidrs[0]"],
  ["a mask too long", { base: { office: { cidrs: ["198.51.100.0/33"] } } }, "office.cidrs[0]"],
  ["a range twice", { base: { office: { cidrs: ["198.51.100.0/24", "198.51.100.0/24"] } } }, "office.cidrs"],
  [
    "an image pinned to latest",
    { base: { images: { ...base.images, hera: { ...base.images.hera, tag: "latest" } } } },
    "images.hera.tag",
  ],
  [
    "an invented digest",
    { base: { images: { ...base.images, hera: { ...base.images.hera, digest: "sha256:todo" } } } },
    "images.hera.digest",
  ],
  ["an image forgotten", { base: { images: { ...base.images, kratos: undefined } } }, "images.kratos"],
  ["an unknown e-mail provider", { base: { email: { ...base.email, provider: "gmail" } } }, "email.provider"],
  ["an OIDC provider twice", { base: { oidcProviders: ["google", "google"] } }, "oidcProviders"],
  [
    "backups over plain http",
    { base: { backup: { ...base.backup, endpoint: "http://store" } } },
    "backup.endpoint",
  ],
  [
    "backups in a region that is none",
    { base: { backup: { ...base.backup, region: "EU Central" } } },
    "backup.region",
  ],
  [
    "backups kept a day",
    { base: { backup: { ...base.backup, keep: { ...base.backup.keep, daily: 1 } } } },
    "backup.keep.daily",
  ],
  [
    "an alarm to nobody",
    { base: { monitoring: { ...base.monitoring, alertEmail: "oncall" } } },
    "monitoring.alertEmail",
  ],
  ["an s3 state without a prefix", { base: { state: { kind: "s3", region: "eu" } } }, "state.bucketPrefix"],
  ["an unknown state", { base: { state: { kind: "git" } } }, "state.kind"],
  ["an x86 host type", { prod: { hostType: "cx22" } }, "hostType"],
  ["prod with extras", { prod: { extras: staging.extras } }, "extras"],
  ["prod with an image of its own", { prod: { image: "debian-12" } }, "image"],
  ["a secret in an overlay", { staging: { smtpPassword: "hunter2" } }, "smtpPassword"],
  [
    "a window in words",
    { staging: { rateLimits: { login: { events: 100, window: "1 minute" } } } },
    "rateLimits.login.window",
  ],
  [
    "a window of two days",
    { staging: { rateLimits: { login: { events: 100, window: "48h" } } } },
    "rateLimits.login.window",
  ],
  [
    "no events",
    { staging: { rateLimits: { login: { events: 0, window: "1m" } } } },
    "rateLimits.login.events",
  ],
  [
    "an unknown limit",
    { staging: { rateLimits: { logout: { events: 1, window: "1m" } } } },
    "rateLimits.logout",
  ],
  ["a domain two labels deep", { staging: { domain: "a.staging.your-app.com" } }, "domain"],
  ["a domain in no zone", { staging: { domain: "staging.example.org" } }, "domain"],
  ["a domain with a scheme", { staging: { domain: "https://staging.your-app.com" } }, "domain"],
  ["the same domain twice", { staging: { domain: "your-app.com" } }, "domain"],
  ["a domain without a certificate request", { staging: { domain: "stage2.your-app.com" } }, "domain"],
  ["a cron that is none", { extras: { nightlyStop: "every night" } }, "extras.nightlyStop"],
  ["week days by number", { extras: { nightlyStop: "0 20 * * 1-5" } }, "extras.nightlyStop"],
  ["a stop on top of a start", { extras: { nightlyStop: "0 7 * * MON-FRI" } }, "extras.nightlyStop"],
  ["a refresh within a stop", { extras: { monthlyRefresh: "30 20 1 * *" } }, "extras.nightlyStop"],
  ["more stops than starts", { extras: { nightlyStop: "0 20 * * *" } }, "extras.nightlyStop"],
  ["a refresh in one month alone", { extras: { monthlyRefresh: "0 9 31 * FEB" } }, "extras.monthlyRefresh"],
  [
    "a stop in the hour that is skipped",
    { extras: { nightlyStop: "30 2 * * MON-FRI" } },
    "extras.nightlyStop",
  ],
  ["an unknown time zone", { extras: { timeZone: "Europe/Atlantis" } }, "extras.timeZone"],
  [
    "more logins than an hour holds",
    { extras: { logins: { perHour: [5, 100] } } },
    "extras.logins.perHour[1]",
  ],
  ["login bounds the wrong way round", { extras: { logins: { perHour: [10, 5] } } }, "extras.logins.perHour"],
  ["a mix of 99", { extras: { seed: { ...seed, mix: { ...seed?.mix, admin: 2 } } } }, "extras.seed.mix"],
  [
    "a seed on top of a refresh",
    { extras: { seed: { ...seed, cron: "0 9 1 * *" } } },
    "extras.monthlyRefresh",
  ],
  ["mail to people", { extras: { mail: "provider" } }, "extras.mail"],
];

test("the fixture has no problem", () => {
  expect(problemsOfChange({})).toEqual([]);
});

test.each(BAD)("%s is one readable problem", (_, changed, path) => {
  const problems = problemsOfChange(changed);
  expect(problems.map((p) => p.path)).toEqual([path]);
  for (const { allowed, remedy, value } of problems) {
    expect(allowed).not.toBe("");
    expect(remedy).not.toMatch(/see config/);
    expect(value).not.toMatch(/undefined|\[object/);
  }
});

test("every problem of every file comes in one list", () => {
  const paths = problemsOfChange({
    base: { location: "nyc", volumeGb: 1 },
    prod: { hostType: "cx22" },
    staging: { domain: "x" },
  }).map((p) => `${p.file} ${p.path}`);
  expect(paths).toEqual([
    "config/base.ts location",
    "config/base.ts volumeGb",
    "config/prod.ts hostType",
    "config/staging.ts domain",
  ]);
});

test("a value that may be a secret is not shown", () => {
  const secret = "q".repeat(64);
  const problems = problemsOfChange({
    base: { email: { ...base.email, provider: secret } },
    staging: { apiToken: secret },
  });
  expect(problems).toHaveLength(2);
  expect(JSON.stringify(problems)).not.toContain(secret);
});

test("an override for an environment that is not there is refused", () => {
  expect(problemsOfChange({}, { destroyable: "production" }).map((p) => p.path)).toEqual([
    "OLYMPUS_ALLOW_DESTROY",
  ]);
  expect(problemsOfChange({}, { destroyable: "staging" })).toEqual([]);
});

test("an environment may have a zone of its own", () => {
  const zones = { ...base.zones, "staging.your-app.com": `${"0".repeat(31)}3` };
  const [mirror] = loadFleet(changedSource({ base: { zones } })).mirrors;
  expect(mirror?.environment.zone.name).toBe("staging.your-app.com");
  expect(mirror?.environment.hosts.ciam).toBe("ciam.staging.your-app.com");
});
