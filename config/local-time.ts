import { inTimeZone } from "./process-env.ts";

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

/**
 * The UTC cron that fires at every UTC hour which a local `minute hour …` cron can mean over the year: both hours where
 * clocks change, for whoever fires to choose from. Undefined where one of them falls on another day or minute.
 */
export function utcCron(localCron: string, timeZone: string): string | undefined {
  const [minute = "", hour = "", ...days] = localCron.split(" ");
  const starts = utcOffsets(timeZone).map((offset) => Number(hour) * 60 + Number(minute) - offset);
  if (starts.some((start) => start < 0 || start >= 24 * 60 || (start - Number(minute)) % 60 !== 0))
    return undefined;
  const hours = starts.map((start) => Math.floor(start / 60)).sort((a, b) => a - b);
  return [minute, hours.join(","), ...days].join(" ");
}
