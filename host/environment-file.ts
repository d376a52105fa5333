import { cloudflareRanges } from "../config/cloudflare-ranges.ts";
import { type Environment, servesRealPeople } from "../config/load/environment.ts";
import type { RateLimits } from "../config/load/schema.ts";

/**
 * The plain values of one environment, `/opt/olympus/config/olympus.env` on its machine: the same keys everywhere, and
 * the only file of a release that differs. host/release/env.keys.yaml says what each means. No secret stands in it, and no
 * value is empty: the machine takes an empty one for a forgotten one.
 */
export function environmentFile(env: Environment): Record<string, string> {
  const { hosts, extras } = env;
  const { keep } = env.backup;
  return {
    SITE_HOST: hosts.site,
    CIAM_LOGIN_HOST: hosts.ciam,
    CIAM_OAUTH_HOST: hosts.ciamOauth,
    CIAM_ADMIN_HOST: hosts.ciamAdmin,
    IAM_LOGIN_HOST: hosts.iam,
    IAM_OAUTH_HOST: hosts.iamOauth,
    IAM_ADMIN_HOST: hosts.iamAdmin,
    PGADMIN_HOST: hosts.pgadmin,
    MAIL_HOST: hosts.mail,
    MAIL_SANDBOX: extras?.mail === "mailpit" ? "1" : "0",
    SMS_BUDGET: String(extras?.sms?.perMonth ?? "off"),
    EMAIL_FROM: `noreply@${env.domain}`,
    EMAIL_FROM_NAME: env.email.senderName,
    FIRST_ADMINISTRATOR: env.firstAdministrator,
    ALERT_EMAIL: env.monitoring.alertEmail,
    CLOUDFLARE_RANGES: [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6].join(" "),
    OFFICE_RANGES: env.office.cidrs.join(" "),
    ORIGIN_PULL_CA: "/etc/olympus/tls/origin-pull-ca.pem",
    ORIGIN_PULL_MODE: "require_and_verify",
    ...rateLimitValues(env.rateLimits),
    // With `true` and no keys of Turnstile's every login fails.
    CIAM_CAPTCHA_ENABLED: "false",
    CIAM_CAPTCHA_SITE_KEY: "off",
    IAM_CAPTCHA_ENABLED: "false",
    IAM_CAPTCHA_SITE_KEY: "off",
    REAL_DATA: env.realData,
    DISPOSABLE: servesRealPeople(env) ? "0" : "1",
    ALERT_CERTIFICATE_DAYS: String(env.monitoring.certificateDays),
    ALERT_DISK_PERCENT: String(env.monitoring.diskPercent),
    ALERT_SECOND_FACTOR: env.monitoring.secondFactor === "required" ? "1" : "0",
    BACKUP_REPOSITORY: `s3:${env.backup.endpoint}/${env.backup.bucketPrefix}-${env.name}`,
    BACKUP_REGION: env.backup.region,
    BACKUP_KEEP_ALL_DAYS: String(keep.allDays),
    BACKUP_KEEP_DAILY: String(keep.daily),
    BACKUP_KEEP_WEEKLY: String(keep.weekly),
    BACKUP_KEEP_MONTHLY: String(keep.monthly),
    BACKUP_KEEP_YEARLY: String(keep.yearly),
    SSH_KEYS: sshKeys(env).join("|"),
  };
}

const rateLimitValues = (limits: RateLimits): Record<string, string> =>
  Object.fromEntries(
    Object.entries(limits).flatMap(([name, { events, window }]) => [
      [`RATE_LIMIT_${name.toUpperCase()}_EVENTS`, String(events)],
      [`RATE_LIMIT_${name.toUpperCase()}_WINDOW`, window],
    ]),
  );

/** Operators may log in everywhere, a deploy where it deploys, developers where there is only synthetic data. */
const sshKeys = (env: Environment): string[] => [
  ...Object.values(env.operators.sshKeys),
  env.deployKey,
  ...(servesRealPeople(env) ? [] : Object.values(env.developers.sshKeys)),
];
