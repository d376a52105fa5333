import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomically } from "./files.ts";
import { parsedJson } from "./json.ts";
import { cacheDirectory } from "./process-env.ts";

/** Shorter work needs no forecast. */
const WORTH_KEEPING_MS = 3000;

const path = (): string => join(cacheDirectory(), "durations.json");

/** Milliseconds by name of the work; what is there and is none counts for nothing. */
function kept(): Record<string, number> {
  try {
    const all = parsedJson(readFileSync(path(), "utf8"));
    return Object.fromEntries(
      Object.entries(all ?? {}).filter(([, ms]) => typeof ms === "number" && ms >= 0),
    );
  } catch {
    return {};
  }
}

/** Milliseconds that work of this name took on this computer when it last succeeded; undefined where that is not known. */
export const lastDuration = (label: string): number | undefined => kept()[label];

/** Keeps a duration for the next time. A forecast is a courtesy: where it cannot be kept, nothing fails. */
export function keepDuration(label: string, ms: number): void {
  if (ms < WORTH_KEEPING_MS) return;
  try {
    mkdirSync(dirname(path()), { recursive: true });
    writeAtomically(path(), JSON.stringify({ ...kept(), [label]: Math.round(ms) }));
  } catch {
    // A home that may only be read.
  }
}
