import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { hetznerEndpoint } from "../../lib/process-env.ts";

/** A server type as it can be ordered in one location today. */
export interface Offer {
  readonly type: string;
  readonly available: boolean;
  /** Net EUR for each started hour, and the most that one server costs in a month. */
  readonly hourly: number;
  readonly monthly: number;
}

/** A server type on Hetzner's list, whether or not one can be had at the moment. */
export interface SoldType {
  readonly name: string;
  readonly architecture: "arm64" | "amd64";
  /** Net EUR a month. */
  readonly monthly: number;
  /** Whether one can be ordered at the moment. */
  readonly available: boolean;
}

/** Net EUR a month. */
export interface OtherPrices {
  readonly currency: string;
  readonly primaryIpv4: number;
  readonly volumeGb: number;
}

export interface ServerFacts {
  readonly id: number;
  readonly type: string;
  readonly created: Date;
}

export interface VolumeFacts {
  readonly id: number;
  /** GB. */
  readonly size: number;
  /** Id of the server that it is attached to. */
  readonly server: number | null;
}

/** What we ask Hetzner ourselves; everything that changes something goes through Terraform. Reads only. */
export interface Hetzner {
  /** Hetzner's own clock: what the hours of a bill are counted with. */
  now(): Promise<Date>;
  /** Undefined where Hetzner has no such type there, or not any more. */
  offer(type: string, location: string): Promise<Offer | undefined>;
  server(name: string): Promise<ServerFacts | undefined>;
  volume(name: string): Promise<VolumeFacts | undefined>;
  /** Every type that Hetzner still sells in a location, by name. */
  sold(location: string): Promise<readonly SoldType[]>;
  /** What everything else costs there. */
  otherPrices(location: string): Promise<OtherPrices>;
  /** What bears our labels of an environment, such as `volume olympus-staging-data`. */
  labelled(environment: string): Promise<readonly string[]>;
  /** Addresses of the project, such as `198.18.0.1`. */
  addresses(): Promise<readonly string[]>;
}

const price = z.object({ net: z.coerce.number().nonnegative() });
const serverTypes = z.object({
  server_types: z.array(
    z.object({
      name: z.string(),
      architecture: z.enum(["arm", "x86"]),
      prices: z.array(z.object({ location: z.string(), price_hourly: price, price_monthly: price })),
      // Since provider 1.61; docs.hetzner.cloud, "Server Types".
      locations: z.array(
        z.object({
          name: z.string(),
          available: z.boolean(),
          deprecation: z.object({ unavailable_after: z.coerce.date() }).nullish(),
        }),
      ),
    }),
  ),
});
const pricing = z.object({
  pricing: z.object({
    currency: z.string(),
    primary_ips: z.array(
      z.object({
        type: z.string(),
        prices: z.array(z.object({ location: z.string(), price_monthly: price })),
      }),
    ),
    volume: z.object({ price_per_gb_month: price }),
  }),
});
const servers = z.object({
  servers: z.array(
    z.object({ id: z.int(), created: z.coerce.date(), server_type: z.object({ name: z.string() }) }),
  ),
});
const volumes = z.object({
  volumes: z.array(z.object({ id: z.int(), size: z.number(), server: z.int().nullable() })),
});
const primaryIps = z.object({ primary_ips: z.array(z.object({ ip: z.string() })) });

const LABELLED = {
  servers: "server",
  volumes: "volume",
  primary_ips: "address",
  firewalls: "firewall",
} as const;

const ATTEMPTS = 5;
const LIMIT_MS = 30_000;

/** Hetzner, as the project of that token. `wait`: milliseconds before the second attempt; doubles each time. */
export function createHetznerClient(token: string, wait = 1000, endpoint = hetznerEndpoint()): Hetzner {
  const ask = async (path: string): Promise<Response> => {
    let failure = "";
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt) await sleep(wait * 2 ** (attempt - 1));
      const answer = await fetch(endpoint + path, {
        headers: { authorization: `Bearer ${token}`, "user-agent": "olympus-infra" },
        signal: AbortSignal.timeout(LIMIT_MS),
      }).catch((error: unknown) => error);
      if (answer instanceof Response && answer.ok) return answer;
      failure = answer instanceof Response ? `status ${answer.status}` : String(answer);
      if (answer instanceof Response && answer.status < 500 && answer.status !== 429) break;
    }
    throw new Failure(`Hetzner did not answer ${path.split("?")[0]}: ${failure}.`);
  };
  const read = async <T>(path: string, shape: z.ZodType<T>): Promise<T> => {
    const answer = shape.safeParse(await (await ask(path)).json().catch(() => undefined));
    if (answer.success) return answer.data;
    throw new Failure(
      `Hetzner's answer to ${path.split("?")[0]} is not valid: ${z.prettifyError(answer.error)}`,
    );
  };
  const named = (name: string): string => `name=${encodeURIComponent(name)}`;
  return {
    async now() {
      const date = new Date((await ask("/locations")).headers.get("date") ?? "");
      if (Number.isNaN(date.getTime())) throw new Failure("Hetzner's answer carries no date.");
      return date;
    },
    async offer(type, location) {
      const [found] = (await read(`/server_types?${named(type)}`, serverTypes)).server_types;
      const place = found?.locations.find(({ name }) => name === location);
      const cost = found?.prices.find((candidate) => candidate.location === location);
      if (!place || !cost) return undefined;
      const leaves = place.deprecation?.unavailable_after;
      return {
        type,
        available: place.available && !(leaves && leaves.getTime() < Date.now()),
        hourly: cost.price_hourly.net,
        monthly: cost.price_monthly.net,
      };
    },
    async sold(location) {
      const { server_types } = await read("/server_types?per_page=50", serverTypes);
      return server_types.flatMap(({ name, architecture, prices, locations }) => {
        const cost = prices.find((candidate) => candidate.location === location);
        const place = locations.find((candidate) => candidate.name === location);
        if (!cost || !place || place.deprecation) return [];
        const runs = architecture === "arm" ? "arm64" : "amd64";
        const { available } = place;
        return [{ name, architecture: runs, monthly: cost.price_monthly.net, available }] as const;
      });
    },
    async otherPrices(location) {
      const { currency, primary_ips, volume } = (await read("/pricing", pricing)).pricing;
      const ipv4 = primary_ips
        .find(({ type }) => type === "ipv4")
        ?.prices.find((candidate) => candidate.location === location);
      if (!ipv4) throw new Failure(`Hetzner's price list has no primary IPv4 in ${location}.`);
      const { net: primaryIpv4 } = ipv4.price_monthly;
      return { currency, primaryIpv4, volumeGb: volume.price_per_gb_month.net };
    },
    async server(name) {
      const [found] = (await read(`/servers?${named(name)}`, servers)).servers;
      return found && { id: found.id, type: found.server_type.name, created: found.created };
    },
    volume: async (name) => (await read(`/volumes?${named(name)}`, volumes)).volumes[0],
    async labelled(environment) {
      const selector = encodeURIComponent(`managed-by=olympus-infra,environment=${environment}`);
      const lists = Object.entries(LABELLED).map(async ([kind, word]) => {
        const shape = z.object({ [kind]: z.array(z.object({ name: z.string() })) });
        const found = (await read(`/${kind}?label_selector=${selector}`, shape))[kind] ?? [];
        return found.map(({ name }) => `${word} ${name}`);
      });
      return (await Promise.all(lists)).flat();
    },
    addresses: async () =>
      (await read("/primary_ips?per_page=50", primaryIps)).primary_ips.map(({ ip }) => ip),
  };
}
