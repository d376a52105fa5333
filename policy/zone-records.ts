import { type JsonObject, object, text } from "./resources.ts";

/** A record as Terraform and Cloudflare name its parts. */
export interface DnsRecordParts {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

/** What a receiver of mail, or an authority before it issues, takes a record for. */
export type RecordPurpose = "caa" | "spf" | "dkim" | "dmarc";

/** A TXT record's strings as one, as whoever asks reads them: Cloudflare keeps them quoted, or bare as they were sent. */
export const txtText = (content: string): string =>
  content.startsWith('"')
    ? [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join("")
    : content;

/** The purpose of a record; undefined for any other record. */
export function purposeOf({ name, type, content }: DnsRecordParts): RecordPurpose | undefined {
  if (type === "CAA") return "caa";
  if (name.includes("._domainkey.") && (type === "TXT" || type === "CNAME")) return "dkim";
  // A vendor's record may stand behind a CNAME there.
  if (
    name.startsWith("_dmarc.") &&
    (type === "CNAME" || (type === "TXT" && /^v=DMARC1\b/i.test(txtText(content))))
  )
    return "dmarc";
  return type === "TXT" && /^v=spf1( |$)/i.test(txtText(content)) ? "spf" : undefined;
}

/** The same of a resource in a stack. */
export const partsOf = ({ name, type, content }: JsonObject): DnsRecordParts => ({
  name: text(name) ?? "",
  type: text(type) ?? "",
  content: text(content) ?? "",
});

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const HOST = "([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]";
const SPF_TERM = `(include:${HOST}|(a|mx)(:${HOST})?|ip4:[0-9./]+|ip6:[0-9a-f:/]+)`;
const FORMS: Readonly<Record<Exclude<RecordPurpose, "caa">, RegExp>> = {
  spf: new RegExp(`^v=spf1( ${SPF_TERM})+ [~-]all$`),
  dkim: /^(v=DKIM1; ?)?([ahkgnst]=[A-Za-z0-9:*-]+; ?)*p=[A-Za-z0-9+/]{40,}={0,2};?$/,
  dmarc: /^v=DMARC1; p=(none|quarantine|reject); rua=mailto:[^\s,;@]+@[a-z0-9.-]+$/,
};
const PREFIXES: Readonly<Record<RecordPurpose, string>> = {
  caa: "",
  spf: `(${LABEL}\\.)?`,
  dkim: `${LABEL}\\._domainkey\\.(${LABEL}\\.)?`,
  dmarc: `_dmarc\\.(${LABEL}\\.)?`,
};
/** What a receiver looks up for SPF before it gives up; those of an include count too, and nobody knows them here. */
const MOST_LOOKUPS = 10;

/** What is wrong with a record of a zone's own, by attribute; nothing where it is as a receiver wants it. */
export function recordFault(
  body: JsonObject,
  zone: string,
): readonly [at: string, found: string] | undefined {
  const parts = partsOf(body);
  const purpose = purposeOf(parts);
  if (!purpose) return ["content", "neither CAA nor SPF, DKIM or DMARC"];
  const place = new RegExp(`^${PREFIXES[purpose]}${zone.replaceAll(".", "\\.")}$`);
  if (!place.test(parts.name))
    return ["name", `${parts.name} is not where ${purpose} of ${zone} is looked for`];
  if (purpose === "caa") return caaFault(object(body.data));
  if (parts.type === "CNAME")
    return purpose === "dkim" && new RegExp(`^${HOST}$`).test(parts.content)
      ? body.proxied === true
        ? ["proxied", "behind the proxy it answers with addresses, and no key is found"]
        : undefined
      : ["content", `${parts.content} is not the host of a key`];
  const value = txtText(parts.content);
  if (!FORMS[purpose].test(value)) return ["content", `${value} is not a valid ${purpose} record`];
  if (!/^"[^"]{1,255}"( "[^"]{1,255}")*$/.test(parts.content))
    return ["content", "not in quoted strings of at most 255 characters: every plan would show a difference"];
  const lookups = purpose === "spf" ? (value.match(/ (include|a|mx)\b/g)?.length ?? 0) : 0;
  return lookups > MOST_LOOKUPS ? ["content", `${lookups} terms that are looked up`] : undefined;
}

const caaFault = ({ flags, tag, value }: JsonObject): readonly [string, string] | undefined =>
  flags === 0 && tag === "issue" && new RegExp(`^${HOST}$`).test(text(value) ?? "")
    ? undefined
    : ["data", `${JSON.stringify({ flags, tag, value })} does not name an authority that may issue`];
