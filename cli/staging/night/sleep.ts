import { stderrProgress as progress } from "../../../lib/progress.ts";
import { requireNonProduction } from "../../shared/non-production.ts";
import type { TargetOptions } from "../../shared/target.ts";
import { withHibernationDependencies } from "./connect.ts";
import { hibernateServer } from "./hibernate.ts";
import { sleepResultText } from "./text.ts";

export interface SleepCommandOptions extends TargetOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** EUR net a month. */
  readonly price?: number;
}

/** Two rounds of the machine's own health timer, and a little more. */
const SETTLE_MS = 150_000;

/** Puts a rehearsal to sleep for the night, or says why not. Prints what it came to and what the month costs. */
export async function sleep(environment: string, options: SleepCommandOptions): Promise<void> {
  const env = requireNonProduction(environment, "Only a non-production environment sleeps.");
  const night = await withHibernationDependencies(env, options, (parts) =>
    hibernateServer(env, { ...options, settle: SETTLE_MS }, parts, progress),
  );
  console.log(
    options.json ? JSON.stringify({ environment, ...night }, null, 2) : sleepResultText(env, night),
  );
}
