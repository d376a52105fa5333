import { cloudflareRanges } from "../config/cloudflare-ranges.ts";
import type { Environment } from "../config/environment.ts";
import type { RateLimits } from "../config/schema.ts";

/**
 * The plain values of one environment, as the bundle reads them: the same keys everywhere, and the only file of a
 * release that differs. No secret stands in it.
 */
export function environmentFile(env: Environment): Record<string, string> {
  const { hosts, extras } = env;
  const url = (host: string): string => `https://${host}`;
  return {
    ENVIRONMENT: env.name,
    DOMAIN: env.domain,
    SITE_PUBLIC_URL: url(hosts.site),
    CIAM_HERA_PUBLIC_URL: url(hosts.ciam),
    CIAM_HYDRA_PUBLIC_URL: url(hosts.ciamOauth),
    CIAM_ATHENA_PUBLIC_URL: url(hosts.ciamAdmin),
    IAM_HERA_PUBLIC_URL: url(hosts.iam),
    IAM_HYDRA_PUBLIC_URL: url(hosts.iamOauth),
    IAM_ATHENA_PUBLIC_URL: url(hosts.iamAdmin),
    PGADMIN_PUBLIC_URL: url(hosts.pgadmin),
    MAILPIT_PUBLIC_URL: url(hosts.mail),
    ...rateLimitValues(env.rateLimits),
    OFFICE_CIDRS: env.office.cidrs.join(" "),
    CLOUDFLARE_CIDRS: [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6].join(" "),
    EMAIL_SENDER: `noreply@${env.domain}`,
    EMAIL_SENDER_NAME: env.email.senderName,
    ALERT_EMAIL: env.monitoring.alertEmail,
    ...imageValues(env),
    EXTRAS_MAIL: extras?.mail ?? "",
    EXTRAS_DEVELOPER_SSH_KEYS: extras ? Object.values(env.developers.sshKeys).join("|") : "",
  };
}

const rateLimitValues = (limits: RateLimits): Record<string, string> =>
  Object.fromEntries(
    Object.entries(limits).flatMap(([name, { events, window }]) => [
      [`RATE_LIMIT_${name.toUpperCase()}_EVENTS`, String(events)],
      [`RATE_LIMIT_${name.toUpperCase()}_WINDOW`, window],
    ]),
  );

/** `quay.io/…:v1@sha256:…`: what to pull, by digest where one is locked. */
export const imageReference = ({ name, tag, digest }: Environment["images"]["postgres"]): string =>
  `${name}:${tag}${digest ? `@${digest}` : ""}`;

const imageValues = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env.images).map(([name, image]) => [
      `IMAGE_${name.replaceAll(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`,
      imageReference(image),
    ]),
  );
