/** Distinct offsets from UTC that a time zone has in a year, in minutes, such as [60, 120] for Berlin. */
export function utcOffsets(timeZone: string, year = 2026): number[] {
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(year, month, 15, 12)));
  return [...new Set(months.map((at) => offsetAt(timeZone, at)))].sort((a, b) => a - b);
}

function offsetAt(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    dateStyle: "short",
    timeStyle: "short",
  })
    .formatToParts(at)
    .reduce<Record<string, number>>(
      (all, { type, value }) => Object.assign(all, { [type]: Number(value) }),
      {},
    );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Math.round((Date.UTC(2000 + year, month - 1, day, hour, minute) - at.getTime()) / 60_000);
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
