import { hetznerList } from "./hetzner-list.ts";

export type ServerType = keyof typeof hetznerList.serverTypes;
export const SERVER_TYPES = Object.keys(hetznerList.serverTypes) as ServerType[];

/** Price book of Hetzner Cloud, net EUR a month. Prices moved twice in 2026: read it as of its date. */
export const priceBook = {
  date: hetznerList.date,
  currency: "EUR",
  serverTypes: Object.fromEntries(
    SERVER_TYPES.map((type) => [type, hetznerList.serverTypes[type].monthly]),
  ) as Record<ServerType, number>,
  primaryIpv4: hetznerList.primaryIpv4,
  volumeGb: hetznerList.volumeGb,
} as const;

/** What a server type runs. */
export const architectureOf = (type: ServerType): "arm64" | "amd64" =>
  hetznerList.serverTypes[type].architecture;

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
