import { clockRow } from "./clock.ts";
import { hostRecords, mailRows } from "./dns.ts";
import { type CheckOutcome, inOrder, type Row, toDo, unsure } from "./row.ts";
import type { DoctorSources, MachineReport } from "./sources.ts";
import type { DoctorSubject } from "./subject.ts";

/** Hours after which a timer's last success is too old (docs/runbooks/monitoring.md). */
const BACKUP_HOURS = 26;
const DRILL_HOURS = 8 * 24;

/** Fires an alert that nothing has caused, by Alertmanager's own API. */
const TEST_ALERT = `curl -s 127.0.0.1:9093/api/v2/alerts -H 'content-type: application/json' -d '[{"labels":{"alertname":"Drill","severity":"page"}}]'`;

/** What has to hold every day. */
export const operationRows = (subject: DoctorSubject, sources: DoctorSources): Row[] => [
  ...(subject.hasExtras ? [clockRow(subject, sources)] : []),
  hostRecords(subject),
  ...mailRows(subject),
  {
    id: `backup.fresh.${subject.name}`,
    title: `a backup of ${subject.name} within ${BACKUP_HOURS} h`,
    needs: [`release.${subject.name}`],
    remedy: [`./olympus backup ${subject.name}`],
    page: "docs/runbooks/backup.md#when-it-fails",
    check: async () => freshness((await sources.machine(subject.name)).backup, BACKUP_HOURS),
  },
  {
    id: `drill.fresh.${subject.name}`,
    title: `a restore of ${subject.name} that was tried within 8 days`,
    needs: [`backup.fresh.${subject.name}`],
    remedy: [`./olympus drill ${subject.name}`],
    page: "docs/runbooks/drill.md",
    check: async () => freshness((await sources.machine(subject.name)).drill, DRILL_HOURS),
  },
  {
    id: `alerts.${subject.name}`,
    title: `alerts of ${subject.name} arrive`,
    needs: [`release.${subject.name}`],
    page: "docs/runbooks/monitoring.md#who-is-notified",
    remedy: [
      `on the machine: ${TEST_ALERT}`,
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
