import type { Environment } from "../../config/load/environment.ts";
import { type Hosts, publicHosts, type Service } from "../../config/load/hosts.ts";
import { environmentFile } from "../../host/environment-file.ts";

/** Every name below `localhost` is this machine, for browsers, curl and systemd's resolver alike (RFC 6761). */
export const LOCAL_DOMAIN = "olympus.localhost";

/** Who may open the administrators' hosts: this machine. Caddy sees it as the gateway of a private network. */
const HERE = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"];

/** Ports of this machine's loopback that lead to Caddy. */
export interface Ports {
  readonly http: number;
  readonly https: number;
}

/**
 * A mirror as it would be with another domain, on this machine: the same function of hosts, the same limits, extras and
 * images. Where 443 is taken, a host carries its port, as it does in the address bar.
 */
export function localEnvironment(mirror: Environment, { https }: Ports): Environment {
  const hosts = Object.entries(publicHosts(LOCAL_DOMAIN, LOCAL_DOMAIN)) as [Service, string][];
  const suffix = https === 443 ? "" : `:${https}`;
  return {
    ...mirror,
    name: "local",
    domain: LOCAL_DOMAIN,
    zone: { ...mirror.zone, name: LOCAL_DOMAIN },
    hosts: Object.fromEntries(hosts.map(([service, host]) => [service, `${host}${suffix}`])) as Hosts,
    office: { cidrs: HERE },
  };
}

/** Its plain values: the keys of every environment. No Cloudflare stands before it that could show a certificate. */
export const localValues = (env: Environment): Record<string, string> => ({
  ...environmentFile(env),
  ORIGIN_PULL_MODE: "request",
});
