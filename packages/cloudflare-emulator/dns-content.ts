import { isIP, isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { refuse } from "./envelope.ts";
import { isProxyTarget } from "./proxy-targets.ts";

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

/** Whether records of the type can have the proxy in front. */
export const maybeProxied = (type: string): boolean => ["A", "AAAA", "CNAME"].includes(type);

/** Whether this very record can; `reachable` as in {@link isProxyTarget}. */
export const canBeProxied = (type: string, content: string, reachable: readonly string[]): boolean =>
  maybeProxied(type) && (type === "CNAME" || isProxyTarget(content, reachable));

/** The name as stored: fully qualified; a name outside the zone is taken as relative to it, as the API does. */
export function qualified(name: string, zone: string): string {
  const plain = name.replace(/\.$/, "").toLowerCase();
  if (plain === "@" || plain === zone) return zone;
  return plain.endsWith(`.${zone}`) ? plain : `${plain}.${zone}`;
}

const MAIL_TO_ADDRESS =
  "Change the content of your MX record to be a hostname (and not an IP address). For more details, refer to " +
  "<https://developers.cloudflare.com/dns/manage-dns-records/how-to/email-records/#add-mx-records>.";

/** The content of the record, built from `data` where the type has parts. Refuses what the API refuses. */
export function contentOf(body: RecordBody, reachable: readonly string[]): string {
  if (body.ttl !== 1 && (body.ttl < 60 || body.ttl > 86_400)) {
    throw refuse(400, 9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.");
  }
  if (body.proxied && !maybeProxied(body.type))
    throw refuse(400, 9004, "This record type cannot be proxied.");
  const sent = body.data ? joined(body.type, body.data) : body.content;
  const content = body.type === "TXT" ? sent && inShortStrings(sent) : sent;
  if (!content) throw refuse(400, 9000, "DNS record content is empty.", "/content");
  if (body.type === "A" && !isIPv4(content)) {
    throw refuse(400, 9005, "Content for A record must be a valid IPv4 address.");
  }
  if (body.type === "AAAA" && !isIPv6(content)) {
    throw refuse(400, 9006, "Content for AAAA record must be a valid IPv6 address.");
  }
  if (body.type === "CNAME" && (isIP(content) || /[\s/:]/.test(content))) {
    throw refuse(400, 9007, "Content for CNAME record is invalid.");
  }
  if (body.type === "MX" && body.priority == null) throw refuse(400, 9100, "priority is a required field.");
  if (body.type === "MX" && isIP(content)) throw refuse(400, 9009, MAIL_TO_ADDRESS);
  if (body.proxied && !canBeProxied(body.type, content, reachable)) {
    throw refuse(400, 9003, `Target ${content} is not allowed for a proxied record.`);
  }
  return content;
}

/** The longest string of a TXT record: RFC 1035, 3.3.14. */
export const LONGEST_STRING = 255;

/** Quoted strings that are too long become several; a content without quotes is kept as it is. */
const inShortStrings = (content: string): string =>
  content.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) =>
    (quoted.slice(1, -1).match(new RegExp(`(?:[^\\\\]|\\\\.){1,${LONGEST_STRING}}`, "gs")) ?? [""])
      .map((part) => `"${part}"`)
      .join(" "),
  );

/** What a CAA record is made of: RFC 8659, 4.1. */
const caaData = z.object({
  flags: z.coerce.number().int().min(0).max(255),
  tag: z.string().regex(/^[a-z0-9]+$/i),
  value: z.string(),
});

function joined(type: string, data: Record<string, unknown>): string {
  if (type === "CAA") {
    const parts = caaData.safeParse(data).data;
    if (!parts) throw refuse(400, 9101, "CAA data needs flags, tag and value.", "/data");
    return `${parts.flags} ${parts.tag} "${parts.value}"`;
  }
  if (type === "SRV") return `${data.priority} ${data.weight} ${data.port} ${data.target}`;
  throw refuse(400, 9101, `The sandbox has no data form of ${type} records: it knows CAA and SRV.`, "/data");
}
