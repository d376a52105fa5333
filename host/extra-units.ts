import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Extras } from "../config/load/schema.ts";
import { fillSlots } from "./template-slots.ts";

/** systemd units that only an environment with extras runs, by file name: the logins of synthetic people. */
export function extraUnits(extras: Extras | undefined): Record<string, string> {
  if (!extras) return {};
  const [fewest, most] = extras.logins.perHour;
  const slots = {
    "olympus-logins.service": { fewest, most },
    "olympus-logins.timer": {},
  };
  return Object.fromEntries(Object.entries(slots).map(([file, values]) => [file, unit(file, values)]));
}

const templates = new Map<string, string>();

function unit(file: string, values: Record<string, string | number>): string {
  const path = join("host", "release-staging", file);
  const template = templates.get(path) ?? readFileSync(path, "utf8");
  templates.set(path, template);
  return fillSlots(path, template, values);
}
