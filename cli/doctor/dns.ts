import { z } from "zod";
import { ADMIN_SERVICES } from "../../config/load/hosts.ts";
import { zoneStackName } from "../../config/load/names.ts";
import { zoneRecords } from "../../config/load/zone-records.ts";
import { purposeOf, type RecordPurpose, txtText } from "../../policy/zone-records.ts";
import { cloudflareAs, read } from "./cloud-api.ts";
import { inOrder, type Row, toDo } from "./row.ts";
import { composed, type DoctorSubject } from "./subject.ts";
import { tokenOf, tokenRow } from "./tokens.ts";

const recordsSchema = z.object({
  result: z.array(z.object({ type: z.string(), name: z.string(), content: z.string().default("") })),
});
type DnsRecord = z.infer<typeof recordsSchema>["result"][number];

async function recordsOf(name: string, query: string): Promise<DnsRecord[]> {
  const { zone } = composed(name).environment;
  const ask = cloudflareAs(tokenOf("cloudflare", name));
  return (await read(ask, `/zones/${zone.id}/dns_records?per_page=5000&${query}`, recordsSchema)).result;
}

/** The records of an environment's hosts. */
export const hostRecords = ({ name }: DoctorSubject): Row => ({
  id: `dns.${name}`,
  title: `the public hosts of ${name} lead to its machine`,
  page: "docs/runbooks/drift.md",
  needs: [`deployed.${name}`, tokenRow("cloudflare", name)],
  remedy: [`./olympus plan ${name}`, `./olympus apply ${name}`],
  async check() {
    const { hosts, extras } = composed(name).environment;
    const wanted = Object.entries(hosts).filter(
      ([service]) => service !== "mail" || extras?.mail === "mailpit",
    );
    const there = new Set((await recordsOf(name, "type=A")).map((record) => record.name));
    const missing = wanted.map(([, host]) => host).filter((host) => !there.has(host));
    return missing.length
      ? toDo(`no record of ${missing.join(", ")}`)
      : inOrder(`${wanted.length} hosts, ${ADMIN_SERVICES.length} for the office`);
  },
});

const MAIL_PAGE = "docs/runbooks/doctor.md#the-mail-domain";

/** What receivers ask about the domain that an environment sends from. */
export const mailRows = ({ name, domain, zone }: DoctorSubject): Row[] => {
  const mailRow = (
    id: Exclude<RecordPurpose, "caa">,
    places: (host: string) => boolean,
    record: string,
  ): Row => ({
    id: `mail.${id}.${name}`,
    title: `${id.toUpperCase()} of ${domain}`,
    page: MAIL_PAGE,
    needs: [tokenRow("cloudflare", name)],
    remedy: [`dns.mail.${id} of config/base.ts, or by hand: ${record}`],
    async check() {
      const { extras, dns } = composed(name).environment;
      if (extras?.mail === "mailpit") return inOrder("no mail leaves this environment");
      const isOne = (one: DnsRecord) => places(one.name) && purposeOf(one) === id;
      const found = (await recordsOf(name, "")).filter(isOne);
      const twice = found.find((one) => found.some((other) => other !== one && other.name === one.name));
      if (twice) return toDo(`${twice.name} has more than one, which is an error to every receiver`);
      const missing = zoneRecords(zone, dns).find(
        ({ content = "", ...own }) =>
          isOne({ ...own, content }) &&
          !found.some((one) => one.name === own.name && txtText(one.content) === txtText(content)),
      );
      if (missing)
        return toDo(
          `${missing.name} does not hold what config/base.ts says`,
          `./olympus plan ${zoneStackName(zone)}`,
        );
      const [first] = found;
      return first ? inOrder(`${first.type} ${first.name}`) : toDo(`the zone ${zone} has no such record`);
    },
  });
  return [
    mailRow(
      "spf",
      (host) => host === domain,
      `a TXT record of ${domain} as the relay shows it: v=spf1 include:… -all`,
    ),
    mailRow(
      "dkim",
      (host) => host.endsWith(`._domainkey.${domain}`),
      `the record <selector>._domainkey.${domain} as the relay shows it`,
    ),
    mailRow(
      "dmarc",
      (host) => [`_dmarc.${domain}`, `_dmarc.${zone}`].includes(host),
      `a TXT record of _dmarc.${domain}: v=DMARC1; p=quarantine; rua=mailto:…`,
    ),
  ];
};
