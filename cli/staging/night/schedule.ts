import { Cron } from "croner";
import type { Extras } from "../../../config/load/schema.ts";
import { type ServerPrice, startedHours } from "./billing.ts";

type SleepSchedule = Pick<Extras, "timeZone" | "nightlyStop" | "morningStart">;

/** When the clock next wakes the machine after `at`. */
export const nextWake = ({ morningStart, timeZone }: SleepSchedule, at: Date): Date | undefined =>
  new Cron(morningStart, { timezone: timeZone }).nextRun(at) ?? undefined;

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
