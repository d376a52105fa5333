/**
 * What Hetzner sells, as far as our programs ask: the European locations, shared types, official images.
 * Sizes: Hetzner's plan pages as quoted in mixxor/eu-cloud-prices (prices/hetzner.json, 2026-02-23); CPX12 from
 * autobase-tech/autobase#1624 (its disk is assumed). Ids are the emulator's own.
 */
import { invalid } from "./errors.ts";

export type Architecture = "arm" | "x86";

export interface Location {
  id: number;
  name: string;
  description: string;
  country: string;
  city: string;
  latitude: number;
  longitude: number;
  network_zone: string;
}

/** The row with this id or name: the API takes either. */
export const byIdOrName = <T extends { id: number; name: string }>(
  rows: readonly T[],
  wanted: string,
): T | undefined => rows.find(({ id, name }) => wanted === name || wanted === String(id));

const location = (
  id: number,
  name: string,
  city: string,
  country: string,
  latitude: number,
  longitude: number,
) => ({
  id,
  name,
  description: `${city} 1`,
  country,
  city,
  latitude,
  longitude,
  network_zone: "eu-central",
});

export const locations: readonly Location[] = [
  location(1, "fsn1", "Falkenstein", "DE", 50.47612, 12.370071),
  location(2, "nbg1", "Nuremberg", "DE", 49.452102, 11.076665),
  location(3, "hel1", "Helsinki", "FI", 60.169855, 24.938379),
];

export interface CatalogServerType {
  id: number;
  name: string;
  category: string;
  architecture: Architecture;
  cores: number;
  /** GB. */
  memory: number;
  /** GB. */
  disk: number;
}

const family = (
  category: string,
  architecture: Architecture,
  firstId: number,
  sizes: [string, number, number, number][],
) =>
  sizes.map(
    ([name, cores, memory, disk], index): CatalogServerType => ({
      id: firstId + index,
      name,
      category,
      architecture,
      cores,
      memory,
      disk,
    }),
  );

export const serverTypes: readonly CatalogServerType[] = [
  ...family("cost_optimized", "arm", 45, [
    ["cax11", 2, 4, 40],
    ["cax21", 4, 8, 80],
    ["cax31", 8, 16, 160],
    ["cax41", 16, 32, 320],
  ]),
  ...family("cost_optimized", "x86", 114, [
    ["cx23", 2, 4, 40],
    ["cx33", 4, 8, 80],
    ["cx43", 8, 16, 160],
    ["cx53", 16, 32, 320],
  ]),
  ...family("regular_purpose", "x86", 124, [
    ["cpx12", 1, 2, 40],
    ["cpx22", 2, 4, 80],
    ["cpx32", 4, 8, 160],
    ["cpx42", 8, 16, 320],
    ["cpx52", 12, 24, 480],
    ["cpx62", 16, 32, 640],
  ]),
];

export interface Image {
  id: number;
  name: string;
  description: string;
  os_flavor: string;
  os_version: string;
  architecture: Architecture;
}

const image = (id: number, os_flavor: string, os_version: string): Image[] =>
  (["x86", "arm"] as const).map((architecture, index) => ({
    id: id + index,
    name: `${os_flavor}-${os_version}`,
    description: `${os_flavor === "debian" ? "Debian" : "Ubuntu"} ${os_version}`,
    os_flavor,
    os_version,
    architecture,
  }));

export const catalogImages: readonly Image[] = [
  ...image(1001, "debian", "12"),
  ...image(1003, "debian", "13"),
  ...image(1005, "ubuntu", "24.04"),
];

/** The location with this id or name. 422 `invalid_input` when there is none. */
export function requireLocation(wanted: string): Location {
  const found = byIdOrName(locations, wanted);
  if (!found) throw invalid("location", `location '${wanted}' not found`);
  return found;
}
