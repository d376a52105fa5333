import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "../../lib/failure.ts";
import { keptPath, unsavedPath, unsavedState } from "../../lib/unsaved-state.ts";

/** Between the tries, in milliseconds: a store that is away for minutes is the usual case. */
const PAUSES = [5_000, 15_000, 45_000, 135_000];

/** What Terraform says at its end when the store was away then: the lock is its own, and nobody else can have it. */
const OWN_LOCK = /Error releasing the state lock[\s\S]*?\bID:\s+([0-9a-f-]{36})/;

/** An apply that has ended. */
export interface EndedApply {
  /** The folder of its stack. */
  readonly place: string;
  /** What Terraform said. */
  readonly said: string;
  /** Runs Terraform there. */
  readonly terraform: (args: readonly string[]) => Promise<{ exitCode?: number; all: string }>;
}

/**
 * Saves the state that an apply could not save, and gives back the lock that it could not. Whether there was such a state.
 * Where the store stays away the state is kept outside of the checkout, which a runner empties before its next job, and a
 * {@link Failure} says how to save it.
 */
export async function saveUnsavedState(
  { place, said, terraform }: EndedApply,
  pauses: readonly number[] = PAUSES,
): Promise<boolean> {
  const left = unsavedPath(place);
  const lock = OWN_LOCK.exec(said)?.[1];
  const had = existsSync(left);
  if (!had && !lock) return false;
  let words = said;
  let isLocked = lock !== undefined;
  for (const ms of pauses) {
    process.stderr.write(
      `${basename(place)}: the store of its state is away; trying again in ${Math.ceil(ms / 1000)} s\n`,
    );
    await pause(ms);
    if (isLocked && lock) {
      const unlocked = await terraform(["force-unlock", "-force", lock]);
      isLocked = unlocked.exitCode !== 0;
    }
    if (isLocked) continue;
    if (!had) return false;
    const pushed = await terraform(["state", "push", "-lock-timeout=60s", "errored.tfstate"]);
    words = pushed.all;
    if (pushed.exitCode !== 0) continue;
    rmSync(left);
    return true;
  }
  if (!had) return false;
  keep(left, keptPath(place));
  throw new Failure(`${words}\n${unsavedState(place)}`);
}

/** Beside what it becomes first: a half of a state is none. */
function keep(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  copyFileSync(from, `${to}.part`);
  renameSync(`${to}.part`, to);
  rmSync(from);
}
