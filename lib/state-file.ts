import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { writeAtomically } from "./files.ts";

/** A value in memory with a JSON file behind it. One process owns the file; others only read it. */
export interface StateFile<T> {
  /** The value itself: change it in place, then `save`. */
  readonly value: T;
  /** Atomically: a reader or a crash never meets half a file. */
  save(): void;
  /** Back to the initial value, on disk too. */
  reset(): void;
}

/**
 * Opens the state kept at `path`, or starts from `initial()` when there is none.
 * Throws when the file is not JSON, naming it and the way out.
 */
export function openState<T extends object>(path: string, initial: () => T): StateFile<T> {
  let value = read<T>(path) ?? initial();
  return {
    get value() {
      return value;
    },
    save: () => write(path, value),
    reset: () => {
      value = initial();
      rmSync(path, { force: true });
    },
  };
}

function read<T>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new Error(`${path}: sandbox state is not JSON. Delete the file to start empty.`, { cause });
  }
}

function write(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeAtomically(path, `${JSON.stringify(value, null, 1)}\n`, 0o600);
}
