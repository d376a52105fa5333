import { loadFleet } from "../../config/index.ts";
import { requireOwnValues } from "../../config/load/examples.ts";
import { Failure } from "../../lib/failure.ts";
import type { MachineFacts } from "../shared/machine-facts.ts";
import type { Remote } from "../shared/ssh.ts";
import { environmentNamed, isOnTheInternet } from "../shared/target.ts";
import { type ChangeOptions, changeMachine, type Decision } from "./change.ts";
import { environmentContents } from "./contents.ts";
import { PATIENCE, type ReleaseResult } from "./perform.ts";
import { releasePlan } from "./plan.ts";
import { digestObstacles, imageWarnings, obstacles } from "./preflight.ts";
import { promotionObstacle } from "./promotion.ts";
import { parseServed, READ_SERVED, servedOf } from "./served.ts";
import { serviceLines, touchesData } from "./service-changes.ts";
import { pauseObstacles } from "./version-steps.ts";

export interface ReleaseOptions extends ChangeOptions {
  readonly withoutBackup?: boolean;
  /** Also when the machine serves exactly this. */
  readonly force?: boolean;
  /** Everybody may wait for a migration: the operator has chosen the hour. */
  readonly acrossMigration?: boolean;
  /** Hash of the only bundle to release: what `olympus soak` printed. */
  readonly bundle?: string;
}

/** Brings bundle and plain values to an environment's machine and waits for its health; what served before comes back otherwise. */
export async function release(
  environment: string,
  options: ReleaseOptions,
  contentsOf = environmentContents,
  patience = PATIENCE,
): Promise<ReleaseResult["outcome"]> {
  const env = environmentNamed(environment);
  const contents = contentsOf(env);
  const isReal = await isOnTheInternet(environment, options);
  if (!options.dryRun && isReal) requireOwnValues(loadFleet());
  // What a sandbox runs was built on its own machine.
  const warnings = isReal ? imageWarnings(env) : [];
  const decide = async (facts: MachineFacts, remote: Remote): Promise<Decision> => {
    const [before, after] = [parseServed((await remote.run(READ_SERVED)).stdout), servedOf(contents)];
    const needsBackup = options.force || touchesData(before, after);
    const withoutBackup = options.withoutBackup || !needsBackup;
    const plan = releasePlan(facts, contents, new Date(), { ...options, withoutBackup });
    const promotion = promotionObstacle(env, options.bundle);
    if (plan.isDone && !promotion.length) return { plan, notes: [] };
    const stops = [
      ...promotion,
      ...obstacles(facts, env),
      ...(isReal ? digestObstacles(env) : []),
      ...(options.dryRun ? [] : pauseObstacles(before, after, options.acrossMigration)),
      ...(needsBackup ? backupObstacle(facts, options) : []),
    ];
    if (stops.length)
      throw new Failure(
        [`Nothing was changed on the machine of ${environment}:`, ...stops.map((stop) => `  ${stop}`)].join(
          "\n",
        ),
      );
    const services = facts.current ? serviceLines(before, after) : [];
    return { plan, notes: [...notes(facts, options, needsBackup), ...services, ...warnings] };
  };
  return changeMachine(environment, options, decide, patience);
}

/** What serves must be in a backup first. Where it brought no program for that, only the operator can answer for it. */
function backupObstacle(
  { current, canBackUp }: MachineFacts,
  { withoutBackup, dryRun }: ReleaseOptions,
): string[] {
  if (!current || canBackUp || withoutBackup || dryRun) return [];
  return [
    `no backup: ${current} has no bin/olympus-backup. Make a backup by hand, then pass --without-backup`,
  ];
}

function notes(
  { current, hasData, canBackUp }: MachineFacts,
  { withoutBackup }: ReleaseOptions,
  needsBackup: boolean,
): string[] {
  const backup = !current
    ? `none: no release runs${hasData ? ", and the data of an earlier machine stays on its volume" : ""}`
    : !needsBackup
      ? "none: neither tables nor the database change"
      : canBackUp && !withoutBackup
        ? "by the release that serves, before anything is touched"
        : "none: --without-backup";
  return [`backup   ${backup}`, "secrets  those on the machine stay as they are: olympus secrets push"];
}
