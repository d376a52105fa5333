import { type Refusal, refusal } from "./help.ts";

/**
 * When a command of the clock is due, by the local clock. Three programs read the same line: this one, the Worker
 * (constructs/clock-worker.js) and croner in the commands that expect runs. Only what all three read alike is a cron here;
 * `__tests__/config/cron-cases.ts` holds them against each other.
 */
export interface LocalCron {
  readonly minute: number;
  readonly hour: number;
  /** Undefined on every day of the month. */
  readonly dayOfMonth: number | undefined;
  /** As `Date.getUTCDay` counts them: 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
}

const WEEK = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAYS = WEEK.map((_, day) => day);

/** Reads a line, or says what is wrong with it first. */
export function readCron(line: string): { readonly cron: LocalCron } | { readonly refusal: Refusal } {
  const fields = line.split(" ");
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const refused =
    fields.length !== 5 || fields.includes("")
      ? refusal(
          "is not five fields",
          "minute, hour, day of month, month and day of week, with one space between them",
          'write it such as "0 20 * * MON-FRI"',
        )
      : (timeRefusal(minute, hour) ??
        dateRefusal(day, month) ??
        weekdaysRefusal(weekday) ??
        bothRefusal({ minute, hour, day, weekday }));
  return refused
    ? { refusal: refused }
    : {
        cron: {
          minute: Number(minute),
          hour: Number(hour),
          dayOfMonth: day === "*" ? undefined : Number(day),
          weekdays: new Set(weekday === "*" ? DAYS : weekday.split(",").flatMap(daysOfRange)),
        },
      };
}

/** A line that was checked. */
export function localCron(line: string): LocalCron {
  const read = readCron(line);
  if ("refusal" in read) throw new Error(`${line} ${read.refusal.why}`);
  return read.cron;
}

/** A year sees every day of the week and every end of a month. */
const YEAR = 2026;

/** Every firing of a year by the local clock, in minutes since 1970. */
export const yearlyOccurrences = ({ minute, hour, dayOfMonth, weekdays }: LocalCron): number[] =>
  Array.from({ length: 365 }, (_, day) => new Date(Date.UTC(YEAR, 0, 1 + day)))
    .filter((date) => dayOfMonth === undefined || dayOfMonth === date.getUTCDate())
    .filter((date) => weekdays.has(date.getUTCDay()))
    .map((date) => date.getTime() / 60_000 + hour * 60 + minute);

function timeRefusal(minute: string, hour: string): Refusal | undefined {
  if (!/^[0-5]?\d$/.test(minute))
    return refusal(
      `has the minute ${minute}`,
      "one minute, 0 to 59",
      "a command of the clock starts once a day: name its minute",
    );
  if (!/^([01]?\d|2[0-3])$/.test(hour))
    return refusal(
      `has the hour ${hour}`,
      "one hour, 0 to 23",
      "a command of the clock starts once a day: name its hour",
    );
  return undefined;
}

function dateRefusal(day: string, month: string): Refusal | undefined {
  if (!/^(\*|[1-9]|[12]\d|3[01])$/.test(day))
    return refusal(`has the day of month ${day}`, "* or one day, 1 to 31", "name one day of the month, or *");
  if (month !== "*")
    return refusal(`has the month ${month}`, "* as the month", "write * in the fourth field: every month");
  return undefined;
}

function weekdaysRefusal(field: string): Refusal | undefined {
  if (field === "*") return undefined;
  const names = `* or days by name: ${WEEK.slice(1).join(", ")}, SUN, with a comma between them or as a range`;
  for (const part of field.split(",")) {
    const ends = part.split("-");
    const unknown = ends.find((end) => !WEEK.includes(end));
    if (unknown !== undefined)
      return refusal(
        unknown === "" ? `has an empty day in ${field}` : `has the day of week ${unknown}`,
        names,
        "write days in capitals, such as MON-FRI: numbers mean other days at Cloudflare than in cron",
      );
    const [from = "", to = from, further] = ends;
    if (further !== undefined)
      return refusal(
        `has a range of more than two days, ${part}`,
        "a range of a first and a last day",
        `write the range and the other day apart, such as ${from}-${to},${further}`,
      );
    if (ends.length === 2 && from === to)
      return refusal(
        `has a range from ${from} to ${to}, which cron programs read as one day or as all`,
        "a range of two different days",
        `write ${from} for that day alone, or * for every day`,
      );
    if (positionOf(to, true) < positionOf(from, false))
      return refusal(
        `has a range that passes the end of the week, ${part}`,
        "a range whose first day comes before its last, Sunday first or last",
        `write ${daysOfRange(part)
          .map((day) => WEEK[day])
          .join(",")}`,
      );
  }
  return undefined;
}

function bothRefusal({ minute, hour, day, weekday }: Record<string, string>): Refusal | undefined {
  if (day === "*" || weekday === "*") return undefined;
  return refusal(
    "names a day of the month and a day of the week, which one cron program reads as both and another as either",
    "a day of the month or days of the week, and * for the other",
    `write "${minute} ${hour} ${day} * *" or "${minute} ${hour} * * ${weekday}"`,
  );
}

/** Sunday begins a week, and ends one too. */
const positionOf = (day: string, isLast: boolean): number =>
  isLast && day === "SUN" ? WEEK.length : WEEK.indexOf(day);

/** `FRI-SUN` as numbers of days. */
function daysOfRange(range: string): number[] {
  const [from = "", to = from] = range.split("-");
  const first = WEEK.indexOf(from);
  const length = ((WEEK.indexOf(to) - first + WEEK.length) % WEEK.length) + 1;
  return Array.from({ length }, (_, i) => (first + i) % WEEK.length);
}
