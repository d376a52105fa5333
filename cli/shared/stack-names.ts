import type { Fleet } from "../../config/index.ts";
import { zoneStackName } from "../../config/load/names.ts";

/** Every stack of the fleet: its environments, then the zones they are in. */
export function stackNames({ reference, mirrors }: Fleet): string[] {
  const declared = [reference, ...mirrors];
  const zones = declared.map(({ environment }) => zoneStackName(environment.zone.name));
  return [...declared.map(({ name }) => name), ...new Set(zones)];
}
