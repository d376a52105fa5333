import { type Environment, servesRealPeople } from "../../config/load/environment.ts";
import type { SmokeClient } from "./client.ts";
import type { NetworkLocation } from "./network-location.ts";

/** What every check knows. */
export interface Target {
  readonly env: Environment;
  readonly client: SmokeClient;
  readonly vantage: NetworkLocation;
  /** Straight to the machine: no Cloudflare in between. */
  readonly origin: boolean;
  /** Addresses of the machine itself, whose ports must be closed. */
  readonly addresses: readonly string[];
  /** Who logs in; undefined when nobody was named. */
  readonly user: { readonly email: string; readonly password: string } | undefined;
  /** Whether to use up the limit of POSTs. */
  readonly rateLimit: boolean;
}

/** Hosts that show the application to whoever stands where we do. */
export const openHosts = (target: Target) => {
  const { hosts } = target.env;
  return [hosts.site, hosts.ciam, hosts.ciamOauth, hosts.iam, hosts.iamOauth];
};

/** Hosts for operators that this environment publishes. */
export const adminHosts = ({ env: { hosts, extras } }: Target) => [
  hosts.ciamAdmin,
  hosts.iamAdmin,
  hosts.pgadmin,
  ...(extras?.mail === "mailpit" ? [hosts.mail] : []),
];

/** Those of them that show programs which neither Olympus nor Ory makes. */
export const toolHosts = ({ env: { hosts } }: Target) => [hosts.pgadmin, hosts.mail];

/** Whether we see nothing but Cloudflare's refusal: a non-production environment is open to the office alone. */
export const isShutOut = ({ env, vantage, origin }: Target): boolean =>
  !servesRealPeople(env) && vantage.place === "outside" && !origin;

/** Hosts whose own answers we see, not Cloudflare's refusal. */
export const visibleHosts = (target: Target) => [
  ...openHosts(target),
  ...(target.origin || target.vantage.place === "office" ? adminHosts(target) : []),
];
