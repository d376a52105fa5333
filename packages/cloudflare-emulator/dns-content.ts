import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { refuse } from "./envelope.ts";

/** What a client may send for a record. */
export const recordBody = z.object({
  name: z.string().min(1),
  type: z.string().transform((type) => type.toUpperCase()),
  content: z.string().optional(),
  ttl: z.number().default(1),
  proxied: z.boolean().nullish(),
  priority: z.number().int().min(0).max(65_535).nullish(),
  comment: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  settings: z.record(z.string(), z.unknown()).default({}),
  data: z.record(z.string(), z.unknown()).nullish(),
});
export type RecordBody = z.infer<typeof recordBody>;

const proxiable = new Set(["A", "AAAA", "CNAME"]);
export const canBeProxied = (type: string): boolean => proxiable.has(type);

/** The name as stored: fully qualified; a name outside the zone is taken as relative to it, as the API does. */
export function qualified(name: string, zone: string): string {
  const plain = name.replace(/\.$/, "").toLowerCase();
  if (plain === "@" || plain === zone) return zone;
  return plain.endsWith(`.${zone}`) ? plain : `${plain}.${zone}`;
}

/** The content of the record, built from `data` where the type has parts. Refuses what the API refuses. */
export function contentOf(body: RecordBody): string {
  if (body.ttl !== 1 && (body.ttl < 60 || body.ttl > 86_400)) {
    throw refuse(400, 9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.");
  }
  if (body.proxied && !canBeProxied(body.type))
    throw refuse(400, 9004, "This record type cannot be proxied.");
  const content = body.data ? joined(body.type, body.data) : body.content;
  if (!content) throw refuse(400, 9000, "DNS record content is empty.", "/content");
  if (body.type === "A" && !isIPv4(content)) {
    throw refuse(400, 9005, "Content for A record must be a valid IPv4 address.");
  }
  if (body.type === "AAAA" && !isIPv6(content)) {
    throw refuse(400, 9006, "Content for AAAA record must be a valid IPv6 address.");
  }
  if (body.type === "MX" && body.priority == null) throw refuse(400, 9100, "MX record priority is required.");
  return content;
}

function joined(type: string, data: Record<string, unknown>): string {
  if (type === "CAA") return `${data.flags} ${data.tag} "${data.value}"`;
  if (type === "SRV") return `${data.priority} ${data.weight} ${data.port} ${data.target}`;
  throw refuse(400, 9101, `The sandbox has no data form of ${type} records: it knows CAA and SRV.`, "/data");
}
