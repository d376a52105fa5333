import { utcOffsets } from "../../../config/load/local-time.ts";
import { Failure } from "../../../lib/failure.ts";

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 7;
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Until when a machine stays awake: an ISO time with an offset, or of the environment's own zone. Throws a {@link Failure}
 * for what is no time, is over, or is more than {@link LONGEST_DAYS} days away, since nobody remembers that long.
 */
export function parseAwakeUntil(text: string, timeZone: string, now: Date): Date {
  const until = WITH_OFFSET.test(text)
    ? new Date(text)
    : LOCAL.test(text)
      ? inZone(text, timeZone)
      : undefined;
  if (!until || Number.isNaN(until.getTime()) || !isDay(text.slice(0, 10)))
    throw new Failure(
      `--until ${text} is not a valid time: write it such as 2026-11-27T02:00 (in ${timeZone}) or 2026-11-27T02:00+01:00; it must exist there`,
    );
  if (until <= now) throw new Failure(`--until ${text} is in the past`);
  if (until.getTime() - now.getTime() > LONGEST_DAYS * DAY_MS)
    throw new Failure(`--until ${text} is too late: at most ${LONGEST_DAYS} days from now`);
  return until;
}

/** Date.parse takes 31 November for the first of December. */
const isDay = (day: string): boolean => new Date(`${day}T00:00Z`).toISOString().startsWith(day);

/** The instant of a local time; the later one where the clock shows it twice, none where the clock jumps over it. */
function inZone(local: string, timeZone: string): Date | undefined {
  const asUtc = Date.parse(`${local}Z`);
  const instants = utcOffsets(timeZone).map((minutes) => new Date(asUtc - minutes * 60_000));
  const shown = instants.filter((instant) => wallClock(instant, timeZone) === asUtc);
  return shown.sort((a, b) => b.getTime() - a.getTime())[0];
}

/** What the clock in a zone shows at an instant, as if it were UTC. */
function wallClock(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const field = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(
    ...([field("year"), field("month") - 1, field("day")] as const),
    ...([field("hour"), field("minute"), field("second")] as const),
  );
}
