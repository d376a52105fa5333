import type { Dns } from "./dns-schema.ts";

/** A record of a zone's own, as Terraform and Cloudflare spell it. */
export interface ZoneRecord {
  /** Last part of its Terraform address. */
  readonly id: string;
  readonly name: string;
  readonly type: "CAA" | "CNAME" | "TXT";
  /** Of a TXT record as Cloudflare keeps it: quoted strings. */
  readonly content?: string;
  readonly data?: { readonly flags: number; readonly tag: string; readonly value: string };
}

/** Id of the construct that holds a zone's own records: first part of their Terraform addresses. */
export const ZONE_RECORDS_ID = "dns";

/** The domain in a zone that mail is sent from. */
export const mailDomain = (zone: string, dns: Dns | undefined): string =>
  dns?.mail?.label ? `${dns.mail.label}.${zone}` : zone;

/** What a zone holds because of the block `dns`: the same for all who share it. */
export function zoneRecords(zone: string, dns: Dns | undefined): ZoneRecord[] {
  const { spf, dkim = {}, dmarc } = dns?.mail ?? {};
  const domain = mailDomain(zone, dns);
  const text = (id: string, name: string, value: string): ZoneRecord => ({
    id,
    name,
    type: "TXT",
    content: quoted(value),
  });
  return [
    ...(dns?.caa ?? []).map(
      (authority): ZoneRecord => ({
        // No name of a host holds the underscore, so no two become one.
        id: `caa-${authority.replaceAll(".", "_")}`,
        name: zone,
        type: "CAA",
        data: { flags: 0, tag: "issue", value: authority },
      }),
    ),
    ...(spf
      ? [text("spf", domain, ["v=spf1", ...spf.terms, spf.others === "fail" ? "-all" : "~all"].join(" "))]
      : []),
    ...Object.entries(dkim).map(([selector, value]): ZoneRecord => {
      const [id, name] = [`dkim-${selector}`, `${selector}._domainkey.${domain}`];
      return value.includes("=") ? text(id, name, value) : { id, name, type: "CNAME", content: value };
    }),
    ...(dmarc
      ? [text("dmarc", `_dmarc.${domain}`, `v=DMARC1; p=${dmarc.policy}; rua=mailto:${dmarc.reports}`)]
      : []),
  ];
}

/** Strings of at most 255 bytes: Cloudflare splits longer ones, and every plan would show it. */
const quoted = (text: string): string => (text.match(/.{1,255}/g) ?? []).map((part) => `"${part}"`).join(" ");
