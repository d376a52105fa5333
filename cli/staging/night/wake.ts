import { Failure } from "../../../lib/failure.ts";
import { stderrProgress as progress } from "../../../lib/progress.ts";
import { requireNonProduction } from "../../shared/non-production.ts";
import type { TargetOptions } from "../../shared/target.ts";
import { withHibernationDependencies } from "./connect.ts";
import { resumeServer } from "./resume.ts";
import { wakeResultText } from "./text.ts";

export interface WakeCommandOptions extends TargetOptions {
  readonly json?: boolean;
  /** Minutes, whole. */
  readonly patience: number;
}

const EVERY_MS = 60_000;

/** Brings a rehearsal back from the night. Throws a {@link Failure} when its data is not that of the evening. */
export async function wake(environment: string, options: WakeCommandOptions): Promise<void> {
  const env = requireNonProduction(environment, "Only a non-production environment sleeps.");
  const patience = { patience: options.patience * 60_000, every: EVERY_MS };
  const morning = await withHibernationDependencies(env, options, (parts) =>
    resumeServer(env, patience, parts, progress),
  );
  console.log(
    options.json ? JSON.stringify({ environment, ...morning }, null, 2) : wakeResultText(env, morning),
  );
  if (morning.awake?.differences.length)
    throw new Failure(`The data of ${environment} differs from before the night: docs/runbooks/night.md.`);
}
