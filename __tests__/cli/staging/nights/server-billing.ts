import type { ProjectRecords } from "./cloud-fixture.ts";

const HOUR_MS = 3_600_000;

/**
 * What Hetzner would charge for servers in a calendar month (UTC), by the emulator's own book of orders and deletions: an
 * account of its own, written apart from cli/staging/night/billing.ts. EUR net, to the cent.
 */
export function serversBilled({ events }: ProjectRecords, month: string, now: Date): number {
  const first = new Date(`${month}-01T00:00:00Z`);
  const next = new Date(first);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const end = Math.min(next.getTime(), now.getTime());
  let sum = 0;
  for (const order of events.filter(({ event, kind }) => event === "create" && kind === "servers")) {
    const gone = events.find(
      ({ event, kind, id }) => event === "delete" && kind === "servers" && id === order.id,
    );
    const from = Math.max(Date.parse(order.at), first.getTime());
    const to = Math.min(gone ? Date.parse(gone.at) : end, end);
    let hours = 0;
    for (let at = from; at < to; at += HOUR_MS) hours += 1;
    sum += Math.min(hours * order.price.hourly, order.price.monthly);
  }
  return Math.round(sum * 100) / 100;
}
