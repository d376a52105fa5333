import { execaSync } from "execa";

const DAY_MS = 86_400_000;

/** How many are kept, by the names of olympus.env without BACKUP_KEEP_. */
export interface Keep {
  readonly allDays: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
}

const isoWeek = (time: Date): string => {
  const thursday = new Date(time.getTime() + (3 - ((time.getUTCDay() + 6) % 7)) * DAY_MS);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-W${Math.floor((thursday.getTime() - first) / DAY_MS / 7)}`;
};
const PERIODS: readonly (readonly [keyof Keep, (time: Date) => string])[] = [
  ["daily", (time) => time.toISOString().slice(0, 10)],
  ["weekly", isoWeek],
  ["monthly", (time) => time.toISOString().slice(0, 7)],
  ["yearly", (time) => time.toISOString().slice(0, 4)],
];

/** What must be left of these times, said anew and simply: the last of each of the newest so many days, weeks, and so on. */
export function kept(times: readonly Date[], keep: Keep): string[] {
  const newestFirst = [...times].sort((a, b) => b.getTime() - a.getTime());
  const newest = newestFirst[0]?.getTime() ?? 0;
  const chosen = new Set(newestFirst.filter((time) => time.getTime() > newest - keep.allDays * DAY_MS));
  for (const [name, period] of PERIODS) {
    const seen = new Set<string>();
    for (const time of newestFirst) {
      if (seen.size >= keep[name] || seen.has(period(time))) continue;
      seen.add(period(time));
      chosen.add(time);
    }
  }
  return newestFirst.filter((time) => chosen.has(time)).map((time) => time.toISOString());
}

/** Runs a function of the bundle's own library of backups. */
export const library = (call: string, bin: string, env: Record<string, string>) =>
  execaSync("bash", ["-euc", `. "$1/olympus-lib"; . "$1/olympus-backup-lib"; ${call}`, "_", bin], {
    env,
    reject: false,
  });
