import { Cron } from "croner";
import type { Extras } from "../../../config/load/schema.ts";
import { type ServerPrice, startedHours } from "./billing.ts";

type SleepSchedule = Pick<Extras, "timeZone" | "nightlyStop" | "morningStart">;

/** When the clock next wakes the machine after `at`. */
export const nextWake = ({ morningStart, timeZone }: SleepSchedule, at: Date): Date | undefined =>
  new Cron(morningStart, { timezone: timeZone }).nextRun(at) ?? undefined;

/** Whether staging sleeps by its schedule: the last stop is later than the last start. */
export function sleepsAt({ nightlyStop, morningStart, timeZone }: SleepSchedule, at: Date): boolean {
  const last = (cron: string): number =>
    new Cron(cron, { timezone: timeZone }).previousRuns(1, at)[0]?.getTime() ?? 0;
  return last(nightlyStop) > last(morningStart);
}

const DAYS = 30;

/**
 * What 30 days of nights cost at a price, net EUR, not rounded: each waking is an order of its own, with its own started
 * hours and its own monthly cap.
 */
export function monthlySleepCost(
  { nightlyStop, morningStart, timeZone }: SleepSchedule,
  at: Date,
  price: ServerPrice,
): number {
  const end = new Date(at.getTime() + DAYS * 86_400_000);
  const stop = new Cron(nightlyStop, { timezone: timeZone });
  const start = new Cron(morningStart, { timezone: timeZone });
  let sum = 0;
  for (let from = start.nextRun(at); from && from < end; from = start.nextRun(from)) {
    const until = stop.nextRun(from) ?? end;
    const hours = startedHours({ created: from, deleted: until }, { from, to: end });
    sum += Math.min(hours * price.hourly, price.monthly);
  }
  return sum;
}

const SPANS = 12;

/**
 * The mean month of the year after `at`, net EUR, not rounded: its nights, and each refresh or seed that falls on hours of rest and
 * so wakes a machine of its own for an hour.
 */
export function sleepingMonth(extras: Extras, at: Date, price: ServerPrice): number {
  const spans = Array.from({ length: SPANS }, (_, i) => new Date(at.getTime() + i * DAYS * 86_400_000));
  const nights = spans.reduce((sum, from) => sum + monthlySleepCost(extras, from, price), 0);
  const end = at.getTime() + SPANS * DAYS * 86_400_000;
  let woken = 0;
  for (const cron of [extras.monthlyRefresh, extras.seed.cron]) {
    const clock = new Cron(cron, { timezone: extras.timeZone });
    for (let run = clock.nextRun(at); run && run.getTime() < end; run = clock.nextRun(run))
      if (sleepsAt(extras, run)) woken += 1;
  }
  return (nights + woken * price.hourly) / SPANS;
}
