/** A line that every reader takes, and its firings in January 2026, which begins on a Thursday. */
export interface AcceptedCron {
  readonly cron: string;
  readonly at: string;
  readonly january: readonly number[];
  readonly inYear: number;
}

const days = (...ranges: (number | [number, number])[]): number[] =>
  ranges.flatMap((range) =>
    typeof range === "number"
      ? [range]
      : Array.from({ length: range[1] - range[0] + 1 }, (_, i) => range[0] + i),
  );
const accepted = (cron: string, at: string, january: number[], inYear: number): AcceptedCron => ({
  cron,
  at,
  january,
  inYear,
});

const EVERY_DAY = days([1, 31]);
const WORKDAYS = days(1, 2, [5, 9], [12, 16], [19, 23], [26, 30]);
const WEEKENDS = days(3, 4, 10, 11, 17, 18, 24, 25, 31);

export const ACCEPTED: readonly AcceptedCron[] = [
  accepted("0 20 * * *", "20:00", EVERY_DAY, 365),
  accepted("00 07 * * *", "07:00", EVERY_DAY, 365),
  accepted("59 23 * * *", "23:59", EVERY_DAY, 365),
  accepted("0 0 * * *", "00:00", EVERY_DAY, 365),
  accepted("0 20 * * MON-FRI", "20:00", WORKDAYS, 261),
  accepted("0 20 * * MON,TUE,WED,THU,FRI", "20:00", WORKDAYS, 261),
  accepted("0 20 * * MON-WED,THU-FRI", "20:00", WORKDAYS, 261),
  accepted("0 20 * * MON-FRI,WED", "20:00", WORKDAYS, 261),
  accepted("0 20 * * SAT-SUN", "20:00", WEEKENDS, 104),
  accepted("0 20 * * SUN,SAT", "20:00", WEEKENDS, 104),
  accepted("0 20 * * FRI-SUN", "20:00", days([2, 4], [9, 11], [16, 18], [23, 25], [30, 31]), 156),
  accepted("0 20 * * SUN-MON", "20:00", days(4, 5, 11, 12, 18, 19, 25, 26), 104),
  accepted("0 20 * * MON-SUN", "20:00", EVERY_DAY, 365),
  accepted("0 20 * * SUN-SAT", "20:00", EVERY_DAY, 365),
  accepted("15 9 * * SUN", "09:15", days(4, 11, 18, 25), 52),
  accepted("15 9 * * MON,MON", "09:15", days(5, 12, 19, 26), 52),
  accepted("0 10 * * THU", "10:00", days(1, 8, 15, 22, 29), 53),
  accepted("30 8 1 * *", "08:30", [1], 12),
  accepted("30 8 29 * *", "08:30", [29], 11),
  accepted("30 8 31 * *", "08:30", [31], 7),
];

/** A line that is refused, what is said of it, and what to write instead. */
export const REFUSED: readonly (readonly [cron: string, why: string, instead: string])[] = [
  ["0 20 * * SAT-MON", "passes the end of the week, SAT-MON", "write SAT,SUN,MON"],
  ["0 20 * * FRI-TUE", "passes the end of the week, FRI-TUE", "write FRI,SAT,SUN,MON,TUE"],
  ["0 20 * * MON-FRI,SAT-MON", "passes the end of the week, SAT-MON", "write SAT,SUN,MON"],
  ["0 20 * * MON-FRI-SUN", "more than two days, MON-FRI-SUN", "MON-FRI,SUN"],
  ["0 20 * * SUN-SUN", "from SUN to SUN", "write SUN for that day alone"],
  ["30 8 1 * MON", "which one cron program reads as both", '"30 8 1 * *" or "30 8 * * MON"'],
  ["30 8 1 * MON-FRI", "which one cron program reads as both", '"30 8 1 * *" or "30 8 * * MON-FRI"'],
  ["0 20 * * 1-5", "the day of week 1", "numbers mean other days"],
  ["0 20 * * mon", "the day of week mon", "in capitals"],
  ["0 20 * * MON#1", "the day of week MON#1", "in capitals"],
  ["0 20 * * *,MON", "the day of week *", "in capitals"],
  ["0 20 * * MON,", "an empty day in MON,", "in capitals"],
  ["0 20 * * MON-", "an empty day in MON-", "in capitals"],
  ["0 20 * * ?", "the day of week ?", "in capitals"],
  ["0 20 * JAN *", "the month JAN", "write * in the fourth field"],
  ["0 20 * 1 *", "the month 1", "write * in the fourth field"],
  ["0 20 0 * *", "the day of month 0", "name one day"],
  ["0 20 32 * *", "the day of month 32", "name one day"],
  ["0 20 L * *", "the day of month L", "name one day"],
  ["0 20 1,15 * *", "the day of month 1,15", "name one day"],
  ["0 24 * * *", "the hour 24", "name its hour"],
  ["0 8-9 * * *", "the hour 8-9", "name its hour"],
  ["60 20 * * *", "the minute 60", "name its minute"],
  ["*/5 20 * * *", "the minute */5", "name its minute"],
  ["-1 20 * * *", "the minute -1", "name its minute"],
  ["0 20 * *", "is not five fields", "0 20 * * MON-FRI"],
  ["0 0 20 * * *", "is not five fields", "0 20 * * MON-FRI"],
  ["0  20 * * *", "is not five fields", "0 20 * * MON-FRI"],
  [" 0 20 * * *", "is not five fields", "0 20 * * MON-FRI"],
  ["0 20 * * *\n", "the day of week *\n", "in capitals"],
  ["0\t20\t*\t*\t*", "is not five fields", "0 20 * * MON-FRI"],
  ["@daily", "is not five fields", "0 20 * * MON-FRI"],
  ["", "is not five fields", "0 20 * * MON-FRI"],
];
