/** Public hosts of one environment, by service. The labels are ours; the services are Olympus's. */
export const SERVICES = {
  site: "olympus",
  ciam: "ciam",
  ciamOauth: "ciam-oauth",
  ciamAdmin: "ciam-admin",
  iam: "iam",
  iamOauth: "iam-oauth",
  iamAdmin: "iam-admin",
  pgadmin: "pgadmin",
  mail: "mail",
} as const;

export type Service = keyof typeof SERVICES;
export type Hosts = Readonly<Record<Service, string>>;

/** Hosts that every environment publishes. `mail` exists only where a mail sandbox does. */
export const PUBLISHED = (Object.keys(SERVICES) as Service[]).filter((s) => s !== "mail");

/** Hosts for operators and administrators only: closed to all but the office ranges. */
export const ADMIN_SERVICES = [
  "ciamAdmin",
  "iamAdmin",
  "pgadmin",
  "mail",
] as const satisfies readonly Service[];

/**
 * Public host names of a domain in a zone, each exactly one label below the zone: Cloudflare's free certificate
 * covers no deeper one. The zone itself gives `ciam.your-app.com`, `staging.your-app.com` gives `staging-ciam.your-app.com`.
 */
export function publicHosts(domain: string, zone: string): Hosts {
  const prefix = domain === zone ? "" : `${domain.slice(0, -zone.length - 1)}-`;
  const names = Object.entries(SERVICES).map(([service, label]) => [service, `${prefix}${label}.${zone}`]);
  return Object.fromEntries(names) as Hosts;
}

/** Where an OIDC provider sends people back to; Kratos answers it on the CIAM host. */
export const redirectUri = (hosts: Hosts, provider: string): string =>
  `https://${hosts.ciam}/self-service/methods/oidc/callback/${provider}`;

/** The zone of `zones` that holds the domain, as itself or one label below; undefined when none does. */
export const zoneOf = (domain: string, zones: readonly string[]): string | undefined =>
  zones.find((zone) => domain === zone) ??
  zones.find((zone) => domain.endsWith(`.${zone}`) && !domain.slice(0, -zone.length - 1).includes("."));
