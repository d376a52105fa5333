import { stderrProgress as progress } from "../sandbox/host/progress.ts";
import { rehearsalNamed } from "./lib/rehearsal.ts";
import { withParts } from "./night/open.ts";
import { goToSleep } from "./night/sleep.ts";
import { nightText } from "./night/text.ts";
import type { TargetOptions } from "./release/target.ts";

export interface SleepVerbOptions extends TargetOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** EUR net a month. */
  readonly price?: number;
}

/** Two rounds of the machine's own health timer, and a little more. */
const SETTLE_MS = 150_000;

/** Puts a rehearsal to sleep for the night, or says why not. Prints what it came to and what the month costs. */
export async function sleep(environment: string, options: SleepVerbOptions): Promise<void> {
  const env = rehearsalNamed(environment, "it never sleeps");
  const night = await withParts(env, options, (parts) =>
    goToSleep(env, { ...options, settle: SETTLE_MS }, parts, progress),
  );
  console.log(options.json ? JSON.stringify({ environment, ...night }, null, 2) : nightText(env, night));
}
