import type { PersonIssue } from "./send.ts";

/** What a run of the seed has done, for people and for machines. */
export interface SeedReport {
  readonly environment: string;
  readonly seed: number;
  /** Asked for, by set: `people` and the special ones. */
  readonly wanted: Readonly<Record<string, number>>;
  readonly present: number;
  readonly created: number;
  readonly failed: readonly PersonIssue[];
  /** Requests sent again, because Kratos was busy or away. */
  readonly repeated: number;
  /** What special people still lack, and why. */
  readonly pending: readonly PersonIssue[];
  readonly clients: number;
  readonly consents: number;
  /** Synthetic people beyond those asked for, and people this program did not make: left alone. */
  readonly beyond: number;
  readonly others: number;
  /** Of creating people alone. */
  readonly seconds: number;
  readonly perSecond: number;
}

const SHOWN = 20;

export function seedReportText(report: SeedReport): string {
  const { created, present, failed, pending, clients, consents, seconds, perSecond } = report;
  const list = (title: string, all: readonly PersonIssue[]): string[] =>
    all.length
      ? [
          title,
          ...all.slice(0, SHOWN).map(({ who, reason }) => `  ${who}: ${reason}`),
          ...(all.length > SHOWN ? [`  and ${all.length - SHOWN} more: --json names all`] : []),
        ]
      : [];
  return [
    created
      ? `${created} people created in ${seconds.toFixed(1)} s (${perSecond.toFixed(0)}/s), ${present} existed`
      : `no people to create: all ${present} exist`,
    `${clients} OAuth2 clients and ${consents} consents new`,
    ...(report.repeated ? [`${report.repeated} requests were sent again`] : []),
    ...(report.beyond ? [`${report.beyond} more synthetic people than requested were left alone`] : []),
    ...(report.others ? [`${report.others} people that this program did not create were left alone`] : []),
    ...list(`${failed.length} people could not be created:`, failed),
    ...list(`${pending.length} special people are not complete:`, pending),
  ].join("\n");
}
