import { inTimeZone } from "../../lib/process-env.ts";

const known = new Map<string, readonly number[]>();

/**
 * Distinct offsets from UTC that a time zone has in a year, in minutes, such as [60, 120] for Berlin. The zone is an IANA
 * name that was checked.
 */
export function utcOffsets(timeZone: string): readonly number[] {
  const offsets = known.get(timeZone) ?? offsetsOf(timeZone);
  known.set(timeZone, offsets);
  return offsets;
}

/** Every month has a say: Morocco's clocks change for Ramadan alone. */
const MONTHS = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2026, month, 15, 12)));

// Not by Intl: its first formatter costs 10 ms of every start.
const offsetsOf = (timeZone: string): number[] => {
  const offsets = inTimeZone(timeZone, () => MONTHS.map((at) => 0 - at.getTimezoneOffset()));
  return [...new Set(offsets)].sort((a, b) => a - b);
};

const DAY = 24 * 60;
const timeOfDay = (localCron: string): { hour: number; minute: number } => {
  const [minute = 0, hour = 0] = localCron.split(" ", 2).map(Number);
  return { hour, minute };
};

/**
 * One UTC cron that fires, every day, at least at every UTC time which the local `minute hour …` crons can mean over the
 * year. Whoever fires looks at the local time and chooses: a day of the week, a month or an offset is not UTC's to know.
 */
export function utcCron(localCrons: readonly string[], timeZone: string): string {
  const starts = localCrons.map(timeOfDay).flatMap(({ hour, minute }) =>
    // Twice a day ahead: a local time may fall on UTC's day before or after.
    utcOffsets(timeZone).map((offset) => (hour * 60 + minute - offset + 2 * DAY) % DAY),
  );
  const list = (part: (start: number) => number): string =>
    [...new Set(starts.map(part))].sort((a, b) => a - b).join(",");
  return `${list((start) => start % 60)} ${list((start) => Math.floor(start / 60))} * * *`;
}

/** Whether a local cron's time of day comes once on every day: never in an hour that clocks skip or repeat. */
export function comesOnce(localCron: string, timeZone: string): boolean {
  if (utcOffsets(timeZone).length === 1) return true;
  const { hour, minute } = timeOfDay(localCron);
  const isIt = (at: Date): boolean => at.getHours() === hour && at.getMinutes() === minute;
  return inTimeZone(timeZone, () =>
    daysOfChange().every((day) => {
      // Of a repeated time this is the first; clocks go back by half an hour to two hours.
      const at = new Date(2026, 0, day, hour, minute);
      return isIt(at) && ![30, 60, 120].some((later) => isIt(new Date(at.getTime() + later * 60_000)));
    }),
  );
}

/** Days of 2026 between whose noons the local clocks change: Greenland's do in the evening, Egypt's at midnight. */
function daysOfChange(): number[] {
  const offset = (day: number): number => new Date(2026, 0, day, 12).getTimezoneOffset();
  return Array.from({ length: 365 }, (_, day) => day + 1)
    .filter((day) => offset(day) !== offset(day - 1))
    .flatMap((day) => [day - 1, day]);
}
