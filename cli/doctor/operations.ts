import { z } from "zod";
import { ADMIN_SERVICES } from "../../config/load/hosts.ts";
import { clockName } from "../../config/load/names.ts";
import { cloudflareAs, read } from "./cloud-api.ts";
import { type CheckOutcome, inOrder, type Row, toDo, unsure } from "./row.ts";
import type { DoctorSources, MachineReport } from "./sources.ts";
import { composed, type DoctorSubject } from "./subject.ts";
import { tokenOf, tokenRow } from "./tokens.ts";

/** Hours after which a timer's last success is too old (docs/runbooks/monitoring.md). */
const BACKUP_HOURS = 26;
const DRILL_HOURS = 8 * 24;

/** What has to hold every day. */
export const operationRows = (subject: DoctorSubject, sources: DoctorSources): Row[] => [
  ...(subject.hasExtras ? [clock(subject)] : []),
  hostRecords(subject),
  ...mailRows(subject),
  {
    ...{ id: `backup.fresh.${subject.name}`, title: `a backup of ${subject.name} within ${BACKUP_HOURS} h` },
    ...{ needs: [`release.${subject.name}`], remedy: [`./olympus backup ${subject.name}`] },
    page: "docs/runbooks/backup.md#when-it-fails",
    check: async () => freshness((await sources.machine(subject.name)).backup, BACKUP_HOURS),
  },
  {
    ...{
      id: `drill.fresh.${subject.name}`,
      title: `a restore of ${subject.name} that was tried within 8 days`,
    },
    ...{ needs: [`backup.fresh.${subject.name}`], remedy: [`./olympus drill ${subject.name}`] },
    page: "docs/runbooks/drill.md",
    check: async () => freshness((await sources.machine(subject.name)).drill, DRILL_HOURS),
  },
  {
    ...{
      id: `alerts.${subject.name}`,
      title: `alerts of ${subject.name} arrive`,
      needs: [`release.${subject.name}`],
    },
    ...{ page: "docs/runbooks/monitoring.md#who-is-notified" },
    remedy: [
      "on the machine: podman exec olympus-alertmanager amtool alert add --alertmanager.url=http://127.0.0.1:9093 Drill severity=page",
      "on the machine: journalctl -n 20 CONTAINER_NAME=olympus-alertmanager",
    ],
    check: async () => arriving((await sources.machine(subject.name)).notifications),
  },
];

export function freshness(result: MachineReport["backup"], hours: number, now = Date.now()): CheckOutcome {
  if (!result) return toDo("there is none yet");
  if (!result.ok) return toDo(`the last one failed, ${result.at}`);
  const age = (now - Date.parse(result.at)) / 3_600_000;
  return age <= hours ? inOrder(result.at) : toDo(`the last one is of ${result.at}`);
}

export function arriving(notifications: MachineReport["notifications"]): CheckOutcome {
  if (!notifications) return unsure("monitoring does not answer on the machine");
  const [sent, failed] = [Math.round(notifications.sent), Math.round(notifications.failed)];
  if (failed > 0) return toDo(`${failed} of ${sent} notifications of the last day failed`);
  return sent > 0
    ? inOrder(`${sent} in the last day, none failed`)
    : unsure("none was sent in the last day: try one");
}

const WORKER_SECRETS = ["GITHUB_TOKEN", "ALERT_WEBHOOK_URL"];
const bindingsSchema = z.object({ result: z.array(z.object({ name: z.string() })) });

const clock = ({ name }: DoctorSubject): Row => ({
  ...{
    id: `clock.${name}`,
    title: `the clock of ${name} has its secrets`,
    page: "docs/runbooks/clock.md#its-secrets-by-hand-once",
  },
  ...{ needs: [`deployed.${name}`, tokenRow("cloudflare", name)], remedy: [] },
  async check() {
    const { cloudflareAccountId } = composed(name).environment;
    const path = `/accounts/${cloudflareAccountId}/workers/scripts/${clockName(name)}/secrets`;
    const { result } = await read(cloudflareAs(tokenOf("cloudflare", name)), path, bindingsSchema);
    const missing = WORKER_SECRETS.filter((secret) => !result.some((bound) => bound.name === secret));
    return missing.length
      ? toDo(
          `its Worker has no ${missing.join(" and no ")}`,
          ...missing.map((secret) => `npx wrangler secret put ${secret} --name ${clockName(name)}`),
        )
      : inOrder("its Worker has both");
  },
});

const recordsSchema = z.object({
  result: z.array(z.object({ type: z.string(), name: z.string(), content: z.string().default("") })),
});
type DnsRecord = z.infer<typeof recordsSchema>["result"][number];

async function recordsOf(name: string, query: string): Promise<DnsRecord[]> {
  const { zone } = composed(name).environment;
  const ask = cloudflareAs(tokenOf("cloudflare", name));
  return (await read(ask, `/zones/${zone.id}/dns_records?per_page=100&${query}`, recordsSchema)).result;
}

const hostRecords = ({ name }: DoctorSubject): Row => ({
  ...{
    id: `dns.${name}`,
    title: `the public hosts of ${name} lead to its machine`,
    page: "docs/runbooks/drift.md",
  },
  ...{
    needs: [`deployed.${name}`, tokenRow("cloudflare", name)],
    remedy: [`./olympus plan ${name}`, `ENV=${name} ./scripts/provision.sh`],
  },
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

const mailRows = ({ name, domain, zone }: DoctorSubject): Row[] => {
  const mailRow = (
    id: string,
    what: string,
    query: string,
    isIt: (record: DnsRecord) => boolean,
    remedy: string,
  ): Row => ({
    ...{ id: `mail.${id}.${name}`, title: `${what} of ${domain}`, page: MAIL_PAGE },
    ...{ needs: [tokenRow("cloudflare", name)], remedy: [remedy] },
    async check() {
      if (composed(name).environment.extras?.mail === "mailpit")
        return inOrder("no mail leaves this environment");
      const found = (await recordsOf(name, query)).find(isIt);
      return found ? inOrder(`${found.type} ${found.name}`) : toDo(`the zone ${zone} has no such record`);
    },
  });
  const below = (host: string) => host === domain || host.endsWith(`.${domain}`);
  const text = (content: string) => content.replace(/^"|"$/g, "").toLowerCase();
  return [
    mailRow(
      ...(["spf", "SPF", "type=TXT"] as const),
      (record) => record.name === domain && text(record.content).startsWith("v=spf1"),
      `a TXT record of ${domain} as the relay shows it: v=spf1 include:… -all`,
    ),
    mailRow(
      ...(["dkim", "DKIM", ""] as const),
      (record) => below(record.name) && record.name.includes("._domainkey."),
      `the record <selector>._domainkey.${domain} as the relay shows it`,
    ),
    mailRow(
      ...(["dmarc", "DMARC", "type=TXT"] as const),
      (record) =>
        [`_dmarc.${domain}`, `_dmarc.${zone}`].includes(record.name) &&
        text(record.content).startsWith("v=dmarc1"),
      `a TXT record of _dmarc.${domain}: v=DMARC1; p=quarantine; rua=mailto:…`,
    ),
  ];
};
