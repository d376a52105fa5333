import type { Environment } from "../config/environment.ts";
import { Failure } from "./lib/failure.ts";
import { companions } from "./release/companions.ts";
import { environmentContents } from "./release/contents.ts";
import type { Facts } from "./release/facts.ts";
import { PATIENCE, type Result } from "./release/perform.ts";
import { releasePlan } from "./release/plan.ts";
import { obstacles } from "./release/preflight.ts";
import { type ChangeOptions, change, type Decision } from "./release/run.ts";
import { environmentNamed } from "./release/target.ts";

export interface ReleaseOptions extends ChangeOptions {
  readonly withoutBackup?: boolean;
  /** Also when the machine serves exactly this: new secrets take effect at a start. */
  readonly force?: boolean;
}

/** Brings bundle and plain values to an environment's machine and waits for its health; what served before comes back otherwise. */
export async function release(
  environment: string,
  options: ReleaseOptions,
  contentsOf = environmentContents,
  patience = PATIENCE,
): Promise<Result["outcome"]> {
  const env = environmentNamed(environment);
  const contents = contentsOf(env);
  const decide = (facts: Facts): Decision => {
    const plan = releasePlan(facts, contents, new Date(), options.force);
    if (plan.isDone) return { plan, notes: [] };
    const stops = [...obstacles(facts, env), ...backupObstacle(facts, options)];
    if (stops.length)
      throw new Failure(
        [`Nothing was changed on the machine of ${environment}:`, ...stops.map((stop) => `  ${stop}`)].join(
          "\n",
        ),
      );
    return { plan, notes: notes(facts, options), before: (remote) => prepare(env, facts, options, remote) };
  };
  return change(environment, options, decide, patience);
}

/** What serves must be in a backup first. Before there is a verb that makes one, only the operator can answer for that. */
function backupObstacle({ current }: Facts, { withoutBackup, dryRun }: ReleaseOptions): string[] {
  if (!current || companions.backup || withoutBackup || dryRun) return [];
  return [
    "no backup: this program has no verb yet that makes one. Make one by hand, then say --without-backup",
  ];
}

function notes({ current, hasData }: Facts, { withoutBackup }: ReleaseOptions): string[] {
  const backup = !current
    ? `none: no release runs${hasData ? ", and the data of an earlier machine stays on its volume" : ""}`
    : companions.backup && !withoutBackup
      ? "before the first step"
      : "none: --without-backup answers for it";
  const secrets = companions.secrets
    ? "pushed before the first step"
    : "those on the machine stay as they are";
  return [`backup   ${backup}`, `secrets  ${secrets}`];
}

async function prepare(
  env: Environment,
  { current }: Facts,
  { withoutBackup }: ReleaseOptions,
  remote: Parameters<NonNullable<Decision["before"]>>[0],
): Promise<void> {
  if (current && !withoutBackup) await companions.backup?.(env, remote);
  await companions.secrets?.(env, remote);
}
