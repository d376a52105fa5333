import ipaddr from "ipaddr.js";
import type { Environment } from "../../config/load/environment.ts";
import type { SmokeClient } from "./client.ts";

/** Where we stand, as the environment sees it: that decides which hosts must open to us. */
export interface NetworkLocation {
  readonly place: "office" | "outside";
  /** How that is known. */
  readonly because: string;
}

/** Compares the address that the environment sees with the office ranges. Unknown counts as outside. */
export async function detectNetworkLocation(
  env: Environment,
  client: SmokeClient,
  origin: boolean,
): Promise<NetworkLocation> {
  const address = await ownAddress(env, client, origin).catch(() => undefined);
  if (!address || !ipaddr.isValid(address))
    return { place: "outside", because: "own address unknown; pass --from" };
  const range = env.office.cidrs.find((cidr) => isWithin(address, cidr));
  return range
    ? { place: "office", because: `${address} is in ${range}` }
    : { place: "outside", because: `${address} is in no office range` };
}

/** Cloudflare tells every visitor of a proxied host what it sees of him; a machine sees our end of the connection. */
async function ownAddress(
  env: Environment,
  client: SmokeClient,
  origin: boolean,
): Promise<string | undefined> {
  if (origin) return (await client.send(`https://${env.hosts.site}/`)).ownAddress;
  const { body } = await client.send(`https://${env.hosts.site}/cdn-cgi/trace`);
  return body.match(/^ip=([0-9a-f.:]{2,45})$/m)?.[1];
}

function isWithin(address: string, cidr: string): boolean {
  const own = ipaddr.process(address);
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return own.kind() === network.kind() && own.match(network, bits);
}
