import { stderrProgress as progress } from "../sandbox/host/progress.ts";
import { Failure } from "./lib/failure.ts";
import { rehearsalNamed } from "./lib/rehearsal.ts";
import { withParts } from "./night/open.ts";
import { morningText } from "./night/text.ts";
import { wakeUp } from "./night/wake.ts";
import type { TargetOptions } from "./release/target.ts";

export interface WakeVerbOptions extends TargetOptions {
  readonly json?: boolean;
  /** Minutes, whole. */
  readonly patience: number;
}

const EVERY_MS = 60_000;

/** Brings a rehearsal back from the night. Throws a {@link Failure} when its data is not that of the evening. */
export async function wake(environment: string, options: WakeVerbOptions): Promise<void> {
  const env = rehearsalNamed(environment, "it never sleeps");
  const patience = { patience: options.patience * 60_000, every: EVERY_MS };
  const morning = await withParts(env, options, (parts) => wakeUp(env, patience, parts, progress));
  console.log(
    options.json ? JSON.stringify({ environment, ...morning }, null, 2) : morningText(env, morning),
  );
  if (morning.awake?.differences.length)
    throw new Failure(`The data of ${environment} is not that of the evening: docs/runbooks/night.md.`);
}
