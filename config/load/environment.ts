import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Hosts, publicHosts, zoneOf } from "./hosts.ts";
import type { Images } from "./image-lock.ts";
import type { Base, EnvironmentIdentity, Extras, MirrorOverlay, RateLimits } from "./schema.ts";

/**
 * One environment, whole: base, overlay and what follows from them. Constructs read it and nothing else,
 * and never ask for its name: a block that is present or absent decides.
 */
export interface Environment
  extends Readonly<Omit<Base, "environments" | "rateLimits" | "zones" | "images">>,
    Readonly<EnvironmentIdentity> {
  readonly name: string;
  readonly domain: string;
  readonly zone: { readonly name: string; readonly id: string };
  readonly hosts: Hosts;
  readonly images: Images;
  readonly hostType: MirrorOverlay["hostType"];
  readonly rateLimits: RateLimits;
  readonly extras: Extras | undefined;
  /** PEM of the request that Cloudflare signs; its key never comes near Terraform. */
  readonly originCsr: string;
  /** Whether Terraform may destroy volume and addresses: only ever set for one run. */
  readonly destroyable: boolean;
}

/** An environment with extras: it serves nobody real, so it may be hibernated, refreshed and seeded. */
export type NonProductionEnvironment = Environment & { readonly extras: Extras };

/**
 * Whether real people use an environment: one without extras, whatever its name. Decides what may be deleted there and
 * which accounts it uses.
 */
export const servesRealPeople = ({ extras }: Pick<Environment, "extras">): boolean => extras === undefined;

/**
 * Composes an environment of checked parts, its request from `requests`. `identity`: what it has to itself; by default what
 * the base says under its name. Throws when the domain is in no zone of the base, or the base has nothing under the name.
 */
export function compose(
  name: string,
  base: Base,
  overlay: MirrorOverlay,
  requests: string,
  identity: EnvironmentIdentity | undefined = base.environments[name],
): Environment {
  const { zones, rateLimits, environments, ...shared } = base;
  if (!identity) throw new Error(`the base has nothing under ${name}`);
  const zone = zoneOf(overlay.domain, Object.keys(zones));
  const id = zone && zones[zone];
  if (!zone || !id) throw new Error(`${overlay.domain} is in no zone`);
  return {
    ...shared,
    ...identity,
    name,
    domain: overlay.domain,
    zone: { name: zone, id },
    hosts: publicHosts(overlay.domain, zone),
    hostType: overlay.hostType,
    rateLimits: { ...rateLimits, ...overlay.rateLimits } as RateLimits,
    extras: overlay.extras,
    originCsr: readFileSync(csrPath(overlay.domain, requests), "utf8"),
    destroyable: false,
  };
}

/** Where the certificate request of a domain lies, in the folder of requests. */
export const csrPath = (domain: string, requests: string): string => join(requests, `${domain}.csr`);
