import { describe, expect, test } from "vitest";
import { cloudflareRanges } from "../../config/cloudflare-ranges.ts";
import { environmentFile } from "../../host/environment-file.ts";
import { environmentKeys } from "../../host/environment-keys.ts";
import type { Json } from "../../parity/json.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { stackOf } from "../../policy/examples.ts";
import { formProblem } from "../../policy/value-forms.ts";
import { checkFleet } from "../../stacks/program.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";
import { synthesized } from "../support/synth.ts";

const fleet = fixtureFleet();
const { reference } = fleet;
const good = environmentFile(reference.environment);
const [developer = ""] = Object.values(reference.environment.developers.sshKeys);
const edgeRanges = [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6];

const document = synthesized()[reference.environment.name] as Json;

/** What the policy says of production's file with these changes; undefined takes a key away. */
function findings(changes: Readonly<Record<string, string | undefined>>) {
  const entries = Object.entries({ ...good, ...changes }).filter(
    (e): e is [string, string] => e[1] !== undefined,
  );
  const env = Object.fromEntries(entries);
  const zone = reference.environment.zone.name;
  const subject = { stack: "prod", document, env, envKeys: environmentKeys(), edgeRanges, zone };
  return evaluate([subject]).filter(({ id }) => id.startsWith("env-"));
}

/** Another value for each key that its own form must refuse. */
const PLANTED: readonly (readonly [key: string, value: string])[] = [
  ["ORIGIN_PULL_MODE", "request"],
  ["ORIGIN_PULL_MODE", "off"],
  ["ORIGIN_PULL_CA", "/etc/olympus/tls/origin.crt"],
  ["CLOUDFLARE_RANGES", "0.0.0.0/0"],
  ["CLOUDFLARE_RANGES", "0.0.0.0/1 128.0.0.0/1"],
  ["CLOUDFLARE_RANGES", "private_ranges"],
  ["CLOUDFLARE_RANGES", `${edgeRanges.join(" ")} 10.0.0.0/8`],
  ["OFFICE_RANGES", "0.0.0.0/0"],
  ["OFFICE_RANGES", "::/0"],
  ["OFFICE_RANGES", "198.51.100.7/24"],
  ["OFFICE_RANGES", "198.51.100.0/24,203.0.113.0/24"],
  ["OFFICE_RANGES", "198.51.100.0/24 198.51.100.0/24"],
  ["SITE_HOST", "localhost"],
  ["SITE_HOST", "*.your-app.com"],
  ["SITE_HOST", "olympus.your-app.com:8443"],
  ["CIAM_LOGIN_HOST", "ciam.another-app.com"],
  ["CIAM_OAUTH_HOST", "https://ciam-oauth.your-app.com"],
  ["CIAM_ADMIN_HOST", "CIAM-admin.your-app.com"],
  ["IAM_LOGIN_HOST", "iam.your-app.com, ciam.your-app.com"],
  ["IAM_OAUTH_HOST", "iam-oauth.your-app.com {"],
  ["IAM_ADMIN_HOST", "-iam-admin.your-app.com"],
  ["PGADMIN_HOST", "10.0.0.1"],
  ["MAIL_HOST", "off"],
  ["MAIL_SANDBOX", "2"],
  ["SMS_BUDGET", "unlimited"],
  ["EMAIL_FROM", "noreply@your-app"],
  ["EMAIL_FROM", "Your App <noreply@your-app.com>"],
  ["EMAIL_FROM_NAME", '"Your App'],
  ["EMAIL_FROM_NAME", "Your App #1"],
  ["EMAIL_FROM_NAME", "$SECRETS_SYSTEM"],
  ["FIRST_ADMINISTRATOR", "$(id)@b.com"],
  ["ALERT_EMAIL", "$(id)@b.com"],
  ["ALERT_EMAIL", "a@your-app.com b@your-app.com"],
  ["RATE_LIMIT_LOGIN_EVENTS", "0"],
  ["RATE_LIMIT_RECOVERY_EVENTS", "1e9"],
  ["RATE_LIMIT_REGISTRATION_EVENTS", "-1"],
  ["RATE_LIMIT_TOKEN_EVENTS", "9999999"],
  ["RATE_LIMIT_LOGIN_WINDOW", "1"],
  ["RATE_LIMIT_RECOVERY_WINDOW", "1ms"],
  ["RATE_LIMIT_REGISTRATION_WINDOW", "0s"],
  ["RATE_LIMIT_TOKEN_WINDOW", "1 minute"],
  ["CIAM_CAPTCHA_ENABLED", "TRUE"],
  ["IAM_CAPTCHA_ENABLED", "1"],
  ["CIAM_CAPTCHA_SITE_KEY", "on"],
  ["IAM_CAPTCHA_SITE_KEY", "0x"],
  ["REAL_DATA", "always"],
  ["DISPOSABLE", "yes"],
  ["ALERT_CERTIFICATE_DAYS", "0"],
  ["ALERT_DISK_PERCENT", "100"],
  ["ALERT_SECOND_FACTOR", "required"],
  ["BACKUP_REPOSITORY", "/mnt/olympus-data/backups"],
  ["BACKUP_REPOSITORY", "s3:https://user@s3.example.com/bucket"],
  ["BACKUP_REGION", "eu central"],
  ["BACKUP_KEEP_ALL_DAYS", "0"],
  ["BACKUP_KEEP_DAILY", "unlimited"],
  ["BACKUP_KEEP_WEEKLY", "13d"],
  ["BACKUP_KEEP_MONTHLY", "1.5"],
  ["BACKUP_KEEP_YEARLY", "-1"],
  ["SSH_KEYS", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ== operator@your-app.com"],
  ["SSH_KEYS", `command="/bin/sh" ${good.SSH_KEYS}`],
  ["SSH_KEYS", `${good.SSH_KEYS}|${good.SSH_KEYS}`],
  ["SSH_KEYS", `${good.SSH_KEYS}|`],
];

describe("the environment file against its own table", () => {
  test("has nothing to object to in the fleet", () => {
    expect(findings({})).toEqual([]);
    const env = environmentFile(fleet.mirrors[0]?.environment ?? reference.environment);
    expect(Object.keys(env)).toEqual(Object.keys(environmentKeys()));
    expect(checkFleet(fleet).policy).toEqual([]);
  });

  test("has a planted value for every key", () => {
    expect(new Set(PLANTED.map(([key]) => key))).toEqual(new Set(Object.keys(good)));
  });

  test.each(PLANTED)("%s=%s is refused, at its key and with what is allowed", (key, value) => {
    const found = findings({ [key]: value }).filter(({ id }) => id === "env-value-form");
    expect(found).toMatchObject([{ path: `env.${key}`, found: expect.stringMatching(/; allowed is \S/) }]);
  });

  test.each(Object.keys(good))("%s may be neither missing nor empty nor of two lines", (key) => {
    const missing = expect.objectContaining({ id: "env-key-missing", path: `env.${key}` });
    expect(findings({ [key]: undefined })).toContainEqual(missing);
    const empty = expect.objectContaining({ id: "env-value-form", path: `env.${key}` });
    expect(findings({ [key]: "" })).toContainEqual(empty);
    const smuggled = findings({ [key]: `${good[key]}\nDISPOSABLE=1` });
    expect(smuggled).toContainEqual(
      expect.objectContaining({ id: "env-value-one-line", path: `env.${key}` }),
    );
  });

  test("a key that the table does not know is refused", () => {
    expect(findings({ DEBUG: "1" })).toMatchObject([{ id: "env-key-unknown", path: "env.DEBUG" }]);
    expect(findings({ constructor: "1" })).toMatchObject([
      { id: "env-key-unknown", path: "env.constructor" },
    ]);
  });

  test.each([
    ["env-real-people", { DISPOSABLE: "1" }],
    ["env-real-people", { MAIL_SANDBOX: "1" }],
    ["env-real-people", { SMS_BUDGET: "100" }],
    ["env-ssh-keys", { SSH_KEYS: `${good.SSH_KEYS}|${developer}` }],
    ["env-ssh-keys", { SSH_KEYS: developer }],
    ["env-host-published", { IAM_LOGIN_HOST: good.CIAM_LOGIN_HOST }],
    ["env-host-published", { SITE_HOST: "www.your-app.com" }],
    ["env-captcha-key", { CIAM_CAPTCHA_ENABLED: "true" }],
  ] as const)("%s: %j has its form and is wrong for production", (id, changes) => {
    expect(findings(changes).map((finding) => finding.id)).toContain(id);
    expect(findings(changes).map((finding) => finding.id)).not.toContain("env-value-form");
  });

  test("holds for every environment of a fleet, at synth", () => {
    const email = { ...reference.environment.email, senderName: "Your App\nDISPOSABLE=1" };
    const broken = {
      ...fleet,
      reference: { ...reference, environment: { ...reference.environment, email } },
    };
    const found = checkFleet(broken).policy.map(({ id, stack, path }) => `${id} ${stack} ${path}`);
    expect(found).toContain("env-value-one-line prod env.EMAIL_FROM_NAME");
  });
});

test("a key's comment may have spaces", () => {
  const key = `${good.SSH_KEYS}'s new laptop`;
  expect(formProblem({ form: "ssh-keys" }, key, stackOf({}))).toBe(undefined);
});

describe("names and addresses as people write them", () => {
  test.each([
    ["EMAIL_FROM_NAME", "O'Reilly, Inc."],
    ["EMAIL_FROM_NAME", "Müller & Söhne (DE)"],
    ["ALERT_EMAIL", "prod-oncall+eu@mail.your-app.com"],
    ["ALERT_EMAIL", "o'brien@your-app.co.uk"],
    ["BACKUP_KEEP_YEARLY", "7"],
    ["CIAM_CAPTCHA_SITE_KEY", "0x4AAAAAAADnPIDROrmt1Wwj"],
  ])("%s=%s is fine", (key, value) => {
    expect(findings({ [key]: value })).toEqual([]);
  });
});
