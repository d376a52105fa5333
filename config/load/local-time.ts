import { type LocalCron, localCron } from "./cron.ts";

/** A year sees every change of a zone's clocks, also those for Ramadan alone. */
const YEAR = 2026;
const MINUTE_MS = 60_000;
const DAY = 24 * 60;

/** A zone's clock through {@link YEAR}. */
interface ZoneYear {
  /** Minutes that the zone's clock is ahead of UTC at an instant. */
  offsetAt(instant: number): number;
  /** At noon UTC of each day, from the last of the year before to the first of the next. */
  readonly noons: readonly number[];
}

const zoneYears = new Map<string, ZoneYear>();

function zoneYear(timeZone: string): ZoneYear {
  const known = zoneYears.get(timeZone);
  if (known) return known;
  const offsetAt = offsetIn(timeZone);
  const noons = Array.from({ length: 367 }, (_, day) => offsetAt(Date.UTC(YEAR, 0, day, 12)));
  zoneYears.set(timeZone, { offsetAt, noons });
  return { offsetAt, noons };
}

/** One formatter for all: the first costs some 10 ms, each question 2 µs. */
function offsetIn(timeZone: string): ZoneYear["offsetAt"] {
  // Swedish dates are ISO's: 2026-01-31 12:00.
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (instant) => (Date.parse(`${clock.format(instant).replace(" ", "T")}Z`) - instant) / MINUTE_MS;
}

/** A zone's name as IANA writes it: words in capitals first, and no offset such as +01:00, which has no summer time. */
const ZONE_NAME = /^(?!.*\/.*[A-Z]{4})[A-Z]\w*(\/[A-Z]\w*|[+-]\w+)*$/;

/** Whether the runtime knows a zone by that name, be it one of several: Asia/Kolkata, Etc/UTC, US/Eastern. */
export function isTimeZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("sv-SE", { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/**
 * Distinct offsets from UTC that a time zone has in a year, in minutes, such as [60, 120] for Berlin. The zone is an IANA
 * name that was checked.
 */
export const utcOffsets = (timeZone: string): readonly number[] =>
  [...new Set(zoneYear(timeZone).noons)].sort((a, b) => a - b);

/**
 * One UTC cron that fires, every day, at least at every UTC time which the local `minute hour …` crons can mean over the
 * year. Whoever fires looks at the local time and chooses: a day of the week, a month or an offset is not UTC's to know.
 */
export function utcCron(lines: readonly string[], timeZone: string): string {
  const starts = lines.map(localCron).flatMap(({ hour, minute }) =>
    // Twice a day ahead: a local time may fall on UTC's day before or after.
    utcOffsets(timeZone).map((offset) => (hour * 60 + minute - offset + 2 * DAY) % DAY),
  );
  const list = (part: (start: number) => number): string =>
    [...new Set(starts.map(part))].sort((a, b) => a - b).join(",");
  return `${list((start) => start % 60)} ${list((start) => Math.floor(start / 60))} * * *`;
}

/** Whether a local cron's time of day comes once on every day: never in an hour that clocks skip or repeat. */
export function comesOnce({ hour, minute }: LocalCron, timeZone: string): boolean {
  const { offsetAt, noons } = zoneYear(timeZone);
  return noons.every((offset, day) => {
    const before = noons[day - 1] ?? offset;
    if (offset === before) return true;
    // The clocks change between these two noons: on one of three dates, by how far the zone is from UTC.
    return [day - 1, day, day + 1].every((date) => {
      const asUtc = Date.UTC(YEAR, 0, date, hour, minute);
      const instants = [before, offset].map((minutes) => asUtc - minutes * MINUTE_MS);
      return instants.filter((at) => offsetAt(at) * MINUTE_MS === asUtc - at).length === 1;
    });
  });
}
