/**
 * Price book of Hetzner Cloud, net EUR, EU locations. Prices moved twice in 2026: read it as of its date,
 * and refresh it from https://www.hetzner.com/cloud and /pricing of the API when a token is at hand.
 */
export const priceBook = {
  date: "2026-09-03",
  currency: "EUR",
  /**
   * Per month, in the EU. Plan pages of 2026-09-03 and -04 as recorded in robhunter/agentdeals#1286 and #1181, less the
   * primary IPv4 that the pages include: CAX41 stands there at 41.49 and at 40.99 in Hetzner's own table of 2026-06-15
   * (agentdeals#1324). On those days the pages showed no CX and no CAX as orderable, and every CPX.
   */
  serverTypes: {
    ...{ cax11: 5.99, cax21: 10.49, cax31: 20.99, cax41: 40.99 },
    ...{ cx23: 5.49, cx33: 8.49, cx43: 15.99, cx53: 29.49 },
    ...{ cpx12: 11.49, cpx22: 19.49, cpx32: 35.49, cpx42: 69.49, cpx52: 100.49, cpx62: 129.99 },
  },
  /** Per month. The difference between those two sources; the same 0.50 for CX23. */
  primaryIpv4: 0.5,
  /** Per GB and month, from 2026-04-01 (devantler-tech/platform#1637, citing Hetzner's price adjustment page). */
  volumeGb: 0.0572,
} as const;

export const SERVER_TYPES = Object.keys(priceBook.serverTypes) as ServerType[];
export type ServerType = keyof typeof priceBook.serverTypes;

/** What a server type runs: Hetzner's cax types are ARM, all others x86. */
export const architectureOf = (type: ServerType): "arm64" | "amd64" =>
  type.startsWith("cax") ? "arm64" : "amd64";

/** What one environment costs a month when it never sleeps, in EUR, rounded to the cent as an invoice is. */
export function monthlyCost(env: { hostType: ServerType; volumeGb: number }): CostLine[] {
  return [
    { item: `server ${env.hostType}`, eur: priceBook.serverTypes[env.hostType] },
    { item: "primary IPv4", eur: priceBook.primaryIpv4 },
    { item: `volume ${env.volumeGb} GB`, eur: cents(priceBook.volumeGb * env.volumeGb) },
  ];
}

export interface CostLine {
  readonly item: string;
  /** Net EUR a month. */
  readonly eur: number;
}

export const cents = (eur: number): number => Math.round(eur * 100) / 100;
export const total = (lines: readonly CostLine[]): number =>
  cents(lines.reduce((sum, line) => sum + line.eur, 0));
