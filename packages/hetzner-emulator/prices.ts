import { locations, serverTypes } from "./catalog.ts";

/** EUR without VAT. */
export interface Price {
  hourly: number;
  monthly: number;
}

/** A price that holds from `from` (ISO 8601) on, everywhere or in one location. */
export interface PriceChange {
  from: string;
  /** Server type, `ipv4`, `ipv6`, or `volume` (per GB). */
  item: string;
  location?: string | undefined;
  /** EUR net a month. */
  monthly: number;
}

/** The book's day: everything below was read then, or held since the date given and not seen to change. */
const readOn = "2026-09-03";

/**
 * EU plan pages of hetzner.com, read 2026-09-03 (robhunter/agentdeals#1286, #1181). The pages include a primary
 * IPv4: Hetzner's price table of 2026-06-15 is 0.50 lower (agentdeals#1324), and so is what the API bills per server.
 */
const planPages: Record<string, number> = {
  cax11: 6.49,
  cax21: 10.99,
  cax31: 21.49,
  cax41: 41.49,
  cx23: 5.99,
  cx33: 8.99,
  cx43: 16.49,
  cx53: 29.99,
  cpx12: 11.99,
  cpx22: 19.99,
  cpx32: 35.99,
  cpx42: 69.99,
  cpx52: 100.99,
  cpx62: 130.49,
};
const ipv4Monthly = 0.5;
/** Per GB: 0.0440 + 30 % on 2026-04-01 (cloudtally.eu, "The Hetzner Cloud costs you're probably missing"). */
const volumeMonthly = 0.0572;

/** Published pairs agree on it: 12.49 a month is 0.0200 an hour, 24.49 is 0.0392 (CCX13, CCX23, October 2025). */
const hoursOfMonthlyCap = 624.5;

const book: readonly PriceChange[] = [
  ...Object.entries(planPages).map(([item, page]) => ({
    from: readOn,
    item,
    monthly: cents(page - ipv4Monthly),
  })),
  { from: readOn, item: "ipv4", monthly: ipv4Monthly },
  { from: readOn, item: "ipv6", monthly: 0 },
  { from: readOn, item: "volume", monthly: volumeMonthly },
];

function cents(euro: number): number {
  return Math.round(euro * 100) / 100;
}

/** The price of `item` in `location` at the instant `at`: the latest of `changes` that holds, else the book's. */
export function priceOf(item: string, location: string, at: string, changes: readonly PriceChange[]): Price {
  const held = [...changes]
    .filter(
      (change) => change.item === item && (change.location ?? location) === location && change.from <= at,
    )
    .sort((a, b) => a.from.localeCompare(b.from))
    .at(-1);
  const entry = held ?? book.find((change) => change.item === item);
  if (!entry)
    throw new Error(`No price for '${item}' in the sandbox's book (packages/hetzner-emulator/prices.ts).`);
  return { monthly: entry.monthly, hourly: Math.round((entry.monthly / hoursOfMonthlyCap) * 1e4) / 1e4 };
}

const vatRate = 19;
const money = (net: number) => ({ net: net.toFixed(10), gross: (net * (1 + vatRate / 100)).toFixed(16) });
const wire = (price: Price) => ({ price_hourly: money(price.hourly), price_monthly: money(price.monthly) });

/** `prices` of a server type. Included traffic is 20 TB in the EU, above it 1 EUR a TB (eu-cloud-prices, as above). */
export const serverTypePrices = (type: string, at: string, changes: readonly PriceChange[]) =>
  locations.map(({ name }) => ({
    location: name,
    ...wire(priceOf(type, name, at, changes)),
    included_traffic: 20 * 1024 ** 4,
    price_per_tb_traffic: money(1),
  }));

/** The body of GET /pricing, limited to what the sandbox sells. */
export function pricing(at: string, changes: readonly PriceChange[]) {
  const ip = (type: "ipv4" | "ipv6") => ({
    type,
    prices: locations.map(({ name }) => ({ location: name, ...wire(priceOf(type, name, at, changes)) })),
  });
  return {
    currency: "EUR",
    vat_rate: vatRate.toFixed(6),
    primary_ips: [ip("ipv4"), ip("ipv6")],
    server_types: serverTypes.map(({ id, name }) => ({
      id,
      name,
      prices: serverTypePrices(name, at, changes),
    })),
    volume: { price_per_gb_month: money(priceOf("volume", "fsn1", at, changes).monthly) },
    server_backup: { percentage: "20.0000000000" },
  };
}
