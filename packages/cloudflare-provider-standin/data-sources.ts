import { z } from "zod";
import type { Api } from "./api.ts";
import { Diagnosed } from "./diagnostics.ts";
import { objectOf, type Values } from "./values.ts";

type Reader = (api: Api, config: Values) => Promise<Record<string, unknown>>;
const found = z.array(z.object({ id: z.string() }));
const object = z.record(z.string(), z.unknown());

const zone: Reader = async (api, config) => {
  const id = config.zone_id ?? (await zoneByFilter(api, objectOf(config.filter)));
  const result = object.parse(await api.call("GET", `zones/${id}`));
  return { ...result, zone_id: id };
};

async function zoneByFilter(api: Api, filter: Values): Promise<string> {
  const query = new URLSearchParams();
  if (typeof filter.name === "string") query.set("name", filter.name);
  if (typeof filter.status === "string") query.set("status", filter.status);
  const matches = found.parse(await api.call("GET", `zones?${query}`));
  const [first] = matches;
  if (!first || matches.length > 1) {
    throw new Diagnosed("failed to find exactly one result", `found ${matches.length} zones for ${query}`);
  }
  return first.id;
}

/** Data sources that read the API: what they answer, by attribute. */
export const dataSources: Readonly<Record<string, Reader>> = {
  cloudflare_zone: zone,
  cloudflare_ip_ranges: async (api) => object.parse(await api.call("GET", "ips")),
};
