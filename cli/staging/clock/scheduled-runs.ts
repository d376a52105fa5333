import { Cron } from "croner";
import { type ClockCommand, clockCommands } from "../../../config/load/clock-commands.ts";
import type { Extras } from "../../../config/load/schema.ts";
import { sleepsAt } from "../night/schedule.ts";

/** A command at the minute it fell due. */
export interface ScheduledRun {
  readonly command: ClockCommand;
  readonly at: Date;
}

/** Everything that falls due after `from` until `to`, in order. */
export function scheduledRuns(extras: Extras, from: Date, to: Date): ScheduledRun[] {
  const { timeZone: timezone } = extras;
  return Object.entries(clockCommands(extras))
    .flatMap(([command, cron]) => {
      const program = new Cron(cron, { timezone });
      const due: ScheduledRun[] = [];
      for (let at = program.nextRun(from); at && at <= to; at = program.nextRun(at))
        due.push({ command: command as ClockCommand, at });
      return due;
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** What is begun so shortly before the next stop or start would run into it, and a night so short saves nothing. */
const MARGIN_MS = 3600_000;

/** When a firing is past: runners may be away for hours, and a sleep that comes with the morning must not be obeyed. */
export function expiryOf({ nightlyStop, morningStart, timeZone }: Extras, { at }: ScheduledRun): Date {
  const next = [nightlyStop, morningStart].map((cron) =>
    (new Cron(cron, { timezone: timeZone }).nextRun(at) ?? at).getTime(),
  );
  return new Date(Math.min(...next) - MARGIN_MS);
}

/** What to run for a command now: who sleeps by the schedule is woken for it, and put to sleep again. */
export function stepsOf(command: ClockCommand, extras: Extras, now: Date): ClockCommand[] {
  const isNeedy = (command === "refresh" || command === "seed") && sleepsAt(extras, now);
  return isNeedy ? ["wake", command, "sleep"] : [command];
}
