const known = new Map<string, readonly number[]>();

/** Distinct offsets from UTC that a time zone has in a year, in minutes, such as [60, 120] for Berlin. */
export function utcOffsets(timeZone: string): readonly number[] {
  const offsets = known.get(timeZone) ?? offsetsOf(timeZone);
  known.set(timeZone, offsets);
  return offsets;
}

/** Clocks change between the middles of two quarters, so these four see every offset. */
const QUARTERS = [0, 3, 6, 9].map((month) => new Date(Date.UTC(2026, month, 15, 12)));

function offsetsOf(timeZone: string): number[] {
  // One formatter, and numbers only: making it, or asking it for names of zones, costs more than the rest.
  const numeric = "numeric";
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    day: numeric,
    hour: numeric,
    minute: numeric,
  });
  const offsets = QUARTERS.map((at) => {
    const parts = format.formatToParts(at).map(({ type, value }) => [type, Number(value)]);
    const { day = 0, hour = 0, minute = 0 } = Object.fromEntries(parts) as Record<string, number>;
    return ((day - at.getUTCDate()) * 24 + hour - at.getUTCHours()) * 60 + minute - at.getUTCMinutes();
  });
  return [...new Set(offsets)].sort((a, b) => a - b);
}

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
