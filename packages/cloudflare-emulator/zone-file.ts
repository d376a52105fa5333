import { z } from "zod";
import { LONGEST_STRING, maybeProxied } from "./dns-content.ts";

const HEADER = `;; This file is intended for use for informational and archival
;; purposes ONLY and MUST be edited before use on a production
;; DNS server.  In particular, you must:
;;   -- update the SOA record with the correct authoritative name server
;;   -- update the SOA record with the contact e-mail address information
;;   -- update the NS record(s) with the authoritative name servers for this domain.
;;
;; For further information, please consult the BIND documentation
;; located on the following website:
;;
;; http://www.isc.org/
;;
;; And RFC 1035:
;;
;; http://www.ietf.org/rfc/rfc1035.txt
;;
;; Please note that we do NOT offer technical support for any use
;; of this zone data, the BIND name server, or any other third-party
;; DNS software.
;;
;; Use at your own risk.`;

/** Serial number of a SOA record at the epoch; it counts tens of seconds. Two exports of 2025 and 2026 agree on it. */
const SERIAL_AT_EPOCH = 1_875_166_660;

/** Types whose content ends in a host name. */
const NAMING = ["CNAME", "MX", "NS", "PTR", "SRV"];

/** What a zone file shows of a stored record. */
const shownRecord = z.object({
  name: z.string(),
  ttl: z.number(),
  type: z.string(),
  content: z.string(),
  priority: z.number().optional(),
  proxied: z.boolean().default(false),
  comment: z.string().nullish(),
  tags: z.array(z.string()).default([]),
});
type ShownRecord = z.output<typeof shownRecord>;

const zoneParts = z.object({ name: z.string(), name_servers: z.array(z.string()).min(1) });

/** A zone as BIND text, in the form of Cloudflare's own exports. `now` is RFC 3339 in UTC. */
export function zoneFile(zone: unknown, records: readonly unknown[], now: string): string {
  const { name, name_servers } = zoneParts.parse(zone);
  const servers = name_servers.map((content) => ({ name, ttl: 86_400, type: "NS", content }));
  const all = z.array(shownRecord).parse([...servers, ...records]);
  const types = [...new Set(all.map(({ type }) => type))].filter((type) => type !== "NS").sort();
  const section = (type: string): string => {
    const lines = all
      .filter((record) => record.type === type)
      .sort((one, other) => one.name.localeCompare(other.name))
      .map(line);
    return [`;; ${type} Records`, ...lines, ""].join("\n");
  };
  const serial = SERIAL_AT_EPOCH + Math.floor(Date.parse(now) / 10_000);
  const soa = `${name_servers[0]}. dns.cloudflare.com. ${serial} 10000 2400 604800 3600`;
  return [
    `;;\n;; Domain:     ${name}.\n;; Exported:   ${now.slice(0, 19).replace("T", " ")}\n;;\n${HEADER}`,
    // In the exports, too, this name has no dot at its end.
    `;; SOA Record\n${name}\t3600\tIN\tSOA\t${soa}\n`,
    ...["NS", ...types].map(section),
  ].join("\n");
}

function line(record: ShownRecord): string {
  const { name, ttl, type, comment, tags } = record;
  const flags = maybeProxied(type) ? [...tags, `cf-proxied:${record.proxied}`] : tags;
  const notes = [comment, flags.length > 0 && `cf_tags=${flags.join()}`].filter(Boolean).join(" ");
  return `${name}.\t${ttl}\tIN\t${type}\t${rdata(record)}${notes && ` ; ${notes}`}`;
}

function rdata({ type, content, priority }: ShownRecord): string {
  if (type === "TXT") return content.startsWith('"') ? content : strings(content);
  const data = type === "MX" ? `${priority} ${content}` : content;
  return NAMING.includes(type) ? `${data.replace(/\.$/, "")}.` : data;
}

/** Quoted strings of at most so many characters as a string of a TXT record may have. */
const strings = (text: string): string =>
  (text.match(new RegExp(`[^]{1,${LONGEST_STRING}}`, "g")) ?? [""])
    .map((part) => `"${part.replace(/["\\]/g, "\\$&")}"`)
    .join(" ");
