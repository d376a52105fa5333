import { priceBook } from "../../../config/prices.ts";
import type { Offer, ServerFacts } from "../../shared/hetzner.ts";
import type { ServerLifetime, ServerPrice } from "./billing.ts";

/** The monthly cap as hours: 12.49 a month is 0.0200 an hour, 24.49 is 0.0392 (CCX13 and CCX23, October 2025). */
const HOURS_OF_CAP = 624.5;
/** What Hetzner rounds to four places. */
export const hourlyPrice = (monthly: number): number => Math.round((monthly / HOURS_OF_CAP) * 1e4) / 1e4;

/**
 * What a server costs as long as it lives: what the diary noted at its order, else what an operator read off the invoice
 * (`told`, EUR a month), else the price book's, if the book is not younger than the server. Undefined where nobody knows.
 */
export function heldPrice(
  server: ServerFacts,
  lives: readonly ServerLifetime[],
  today: Offer | undefined,
  told?: number,
): ServerPrice | undefined {
  const noted = lives.find((life) => life.server === server.id && life.type === server.type)?.price;
  if (noted) return noted;
  const isOlder = server.created.getTime() < Date.parse(priceBook.date);
  const monthly = told ?? (isOlder ? undefined : bookPrice(server.type));
  if (monthly === undefined) return undefined;
  // Where the monthly price is today's, so is the hourly one.
  const hourly = today?.monthly === monthly ? today.hourly : hourlyPrice(monthly);
  return { hourly, monthly };
}

const bookPrice = (type: string): number | undefined =>
  Object.entries(priceBook.serverTypes).find(([name]) => name === type)?.[1];
