import { localCron, yearlyOccurrences } from "./cron.ts";
import { comesOnce } from "./local-time.ts";
import { type Problem, problemOf } from "./problems.ts";
import type { Extras } from "./schema.ts";

/** Least time between two commands of the clock, in minutes: a stop, a start or a refresh takes a while. */
const APART = 60;
type Event = { field: string; at: number };

/** What is wrong with the times of an environment's clock together: skipped hours, commands that overlap, odd nights. */
export function clockProblems(name: string, extras: Extras): Problem[] {
  const { nightlyStop, morningStart, monthlyRefresh } = extras;
  const crons: Record<string, string> = {
    nightlyStop,
    morningStart,
    monthlyRefresh,
    "seed.cron": extras.seed.cron,
  };
  const fields = Object.keys(crons);
  const cronOf = (field: string): string => crons[field] ?? "";
  const astray = fields.filter((field) => !comesOnce(localCron(cronOf(field)), extras.timeZone));
  if (astray.length)
    return astray.map((field) =>
      problemOf(
        name,
        `extras.${field}`,
        cronOf(field),
        `a time that comes once on every day in ${extras.timeZone}`,
        "move it away from the hour that is skipped or repeated when the clocks change",
      ),
    );
  const events = fields
    .flatMap((field) => yearlyOccurrences(localCron(cronOf(field))).map((at): Event => ({ field, at })))
    .sort((a, b) => a.at - b.at);

  const clash = events.find((event, i) => {
    const next = events[i + 1];
    return next && next.field !== event.field && next.at - event.at < APART;
  });
  if (clash)
    return [
      problemOf(
        name,
        `extras.${clash.field}`,
        cronOf(clash.field),
        `a time at least ${APART} minutes from the other commands`,
        "move it: two commands would overlap",
      ),
    ];

  const nights = events.filter(({ field }) => field === "nightlyStop" || field === "morningStart");
  const twice = nights.find((event, i) => nights[i + 1]?.field === event.field);
  return twice
    ? [
        problemOf(
          name,
          `extras.${twice.field}`,
          cronOf(twice.field),
          "as many stops as starts, in turn",
          "use the same days of the week for nightlyStop and morningStart",
        ),
      ]
    : [];
}
