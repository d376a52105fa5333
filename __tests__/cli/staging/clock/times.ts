import { Cron } from "croner";
import type { Sent } from "./worker.ts";

/** Every time of a cron line within 2026, by a cron program that is not ours. */
export function timesOf(cron: string, timezone: string): Date[] {
  const program = new Cron(cron, { timezone });
  const end = Date.UTC(2027, 0);
  const times: Date[] = [];
  for (
    let at = program.nextRun(new Date(Date.UTC(2026, 0) - 1));
    at && at.getTime() < end;
    at = program.nextRun(at)
  )
    times.push(at);
  return times;
}

/** What ought to be started in 2026, a line each. */
export const due = (commands: Readonly<Record<string, string>>, timeZone: string): string[] =>
  Object.entries(commands)
    .flatMap(([name, cron]) => timesOf(cron, timeZone).map((at) => `${at.toISOString()} ${name}`))
    .sort();

/** What was asked for, a line each. */
export const started = (sent: readonly Sent[]): string[] =>
  sent.map(({ body }) => {
    const { command, firing } = body.inputs as Record<string, string>;
    return `${firing} ${command}`;
  });
