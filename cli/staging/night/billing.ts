import { cents } from "../../../config/prices.ts";

/** A price of Hetzner: net EUR for each started hour, at most `monthly` for one server in one calendar month. */
export interface ServerPrice {
  readonly hourly: number;
  readonly monthly: number;
}

/** One server from its order to its deletion. It keeps the price of its order as long as it lives. */
export interface ServerLifetime {
  readonly server: number;
  readonly type: string;
  readonly created: Date;
  /** Absent while it lives. */
  readonly deleted?: Date | undefined;
  readonly price: ServerPrice;
}

/** A calendar month, UTC, up to a moment in it. */
export interface BillingPeriod {
  readonly from: Date;
  readonly to: Date;
}

const HOUR_MS = 3_600_000;

/** The calendar month in which `at` lies, from its first moment to `at`. */
export const monthUntil = (at: Date): BillingPeriod => ({
  from: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)),
  to: at,
});

/** Started hours of a life within a span: Hetzner bills each in full (docs.hetzner.com, Cloud billing FAQ). */
export function startedHours(
  { created, deleted }: Pick<ServerLifetime, "created" | "deleted">,
  span: BillingPeriod,
): number {
  const begin = Math.max(created.getTime(), span.from.getTime());
  const end = Math.min((deleted ?? span.to).getTime(), span.to.getTime());
  return end <= begin ? 0 : Math.ceil((end - begin) / HOUR_MS);
}

/** What one server costs in a span of one calendar month, in EUR, not rounded. */
export const cost = (
  life: Pick<ServerLifetime, "created" | "deleted" | "price">,
  span: BillingPeriod,
): number => Math.min(startedHours(life, span) * life.price.hourly, life.price.monthly);

/** What a month came to so far. */
export interface Statement {
  readonly span: BillingPeriod;
  readonly servers: number;
  readonly hours: number;
  /** Net EUR, to the cent; the sum is rounded, not its lines. */
  readonly billed: number;
  /** The same, had the first of these servers never been deleted. */
  readonly neverAsleep: number;
  readonly saved: number;
}

/** The bill of all servers that lived in a span, beside that of one that never slept. */
export function statement(lives: readonly ServerLifetime[], span: BillingPeriod): Statement {
  const within = lives
    .filter((life) => startedHours(life, span) > 0)
    .sort((a, b) => a.created.getTime() - b.created.getTime());
  const [first] = within;
  const billed = cents(within.reduce((sum, life) => sum + cost(life, span), 0));
  const neverAsleep = first ? cents(cost({ ...first, deleted: undefined }, span)) : 0;
  return {
    span,
    servers: within.length,
    hours: within.reduce((sum, life) => sum + startedHours(life, span), 0),
    billed,
    neverAsleep,
    saved: cents(neverAsleep - billed),
  };
}
