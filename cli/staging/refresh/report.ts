import type { SmokeReport } from "../../smoke/report.ts";
import { smokeReportText } from "../../smoke/report.ts";
import type { SeedReport } from "../seed/report.ts";
import { seedReportText as seedText } from "../seed/report.ts";
import type { RefreshPreview, Remains } from "./machine.ts";

/** What a run has done and found. */
export interface RefreshReport {
  readonly environment: string;
  /** A backup's, or nothing for empty databases. */
  readonly to: string | undefined;
  /** The machine's own words. */
  readonly machine: string;
  readonly seed: SeedReport | undefined;
  readonly smoke: SmokeReport | undefined;
  readonly remains: Remains | undefined;
  /** What is there and should not be, or the other way round. */
  readonly leftovers: readonly string[];
}

export function refreshPlan(
  environment: string,
  look: RefreshPreview,
  to: string | undefined,
  smoke: boolean,
): string {
  const rows = Object.entries(look.databases).map(([name, count]) => `${name} ${count}`);
  return [
    `refresh of ${environment}, by release ${look.release}`,
    `  now      rows: ${rows.join(", ") || "no database"}; mails: ${look.messages ?? "no Mailpit answers"}`,
    `  last     ${look.last.at ?? "none is known"}${look.last.ok === false ? ", FAILED" : ""}`,
    look.is_cut_short
      ? "  backup   none: an interrupted refresh stored one; this run continues it"
      : "  backup   of everything, off the machine, read back",
    ...(to
      ? [`  restore  ${to} in place of all databases; its people, its clients`]
      : [
          "  drop     every database; the old ones are kept until all is healthy, or restored",
          "  migrate  by the release's own start: databases, migrations, first identities, OAuth clients",
        ]),
    "  mail     Mailpit is emptied",
    ...(to ? [] : ["  seed     as `olympus seed` does"]),
    ...(smoke ? ["  smoke    as `olympus smoke` does"] : []),
    ...(to
      ? []
      : ["  list     every table, role, client and mail; anything that the seed did not leave is a failure"]),
  ].join("\n");
}

export const isWell = ({ seed, smoke, leftovers }: RefreshReport): boolean =>
  !seed?.failed.length && !smoke?.failed && leftovers.length === 0;

export function refreshText(report: RefreshReport): string {
  const { environment, machine, seed, smoke, remains, leftovers } = report;
  return [
    machine,
    ...(seed ? [seedText(seed)] : []),
    ...(smoke ? [smokeReportText(smoke)] : []),
    ...(remains ? [listing(remains)] : []),
    ...(leftovers.length
      ? [
          `${leftovers.length} things differ from what refresh and seed leave:`,
          ...leftovers.map((line) => `  ${line}`),
        ]
      : []),
    isWell(report)
      ? `${environment} is refreshed: nothing is left of what was there`
      : `${environment} is NOT as a refresh leaves it`,
  ].join("\n");
}

/** Every table that holds anything. */
const listing = ({ databases, messages }: Remains): string =>
  [
    ...Object.entries(databases).flatMap(([database, tables]) =>
      Object.entries(tables)
        .filter(([, { rows }]) => rows > 0)
        .map(
          ([table, { rows }]) =>
            `  ${`${database} ${table.replace(/^public\./, "")}`.padEnd(50)} ${String(rows).padStart(8)}`,
        ),
    ),
    `  ${"Mailpit messages".padEnd(50)} ${String(messages.rows ?? "none runs").padStart(8)}`,
  ].join("\n");
