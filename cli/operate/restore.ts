import { z } from "zod";
import { servesRealPeople } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { restorable } from "../../lib/process-env.ts";
import {
  type MachineScriptOptions,
  queryMachine,
  runOnMachine,
  scriptCommand,
} from "../shared/machine-script.ts";
import { environmentNamed } from "../shared/target.ts";
import { BACKUP_NAME } from "./backup.ts";

export interface RestoreOptions extends MachineScriptOptions {
  /** Id of a backup, or the beginning of one, or latest. */
  readonly snapshot?: string;
}

const restorePreviewSchema = z.object({
  snapshot: z.string().regex(/^[0-9a-f]{64}$/),
  taken_at: z.string(),
  reason: z.string(),
  release: z.string(),
  bytes: z.number(),
  /** Rows by database: in the backup, and on the machine now. */
  rows: z.record(z.string(), z.number()),
  now: z.record(z.string(), z.number()),
});

/** Whether a text may name a backup. */
export const isSnapshot = (text: string): boolean =>
  /^(latest|[0-9a-f]{6,64})$/.test(text) || (text.startsWith("name:") && BACKUP_NAME.test(text.slice(5)));

/** Has an environment's machine replace its databases by a backup. Where real people are served, a variable must allow it. */
export async function restore(environment: string, options: RestoreOptions): Promise<void> {
  const env = environmentNamed(environment);
  const { snapshot = "latest" } = options;
  if (!isSnapshot(snapshot))
    throw new Failure(
      `--snapshot ${snapshot}: allowed is latest, name:… or 6 to 64 hex digits of an id, as \`olympus backups ${environment}\` shows them`,
    );
  if (servesRealPeople(env) && !options.dryRun && restorable() !== environment)
    throw new Failure(
      [
        `${environment} serves real people: a restore undoes what they did since the backup. Nothing was changed.`,
        `To see what would be lost: ./olympus restore ${environment} --dry-run`,
        `To do it: OLYMPUS_ALLOW_RESTORE=${environment} ./olympus restore ${environment} (docs/runbooks/restore.md)`,
      ].join("\n"),
    );
  await runOnMachine(environment, options, {
    verb: "restore",
    command: ["olympus-restore", snapshot],
    plan: (remote) =>
      queryMachine(remote, scriptCommand(["olympus-restore", "--look", snapshot]), restorePreviewSchema),
    lines: (plan) => [
      `backup   ${plan.snapshot.slice(0, 8)} of ${plan.taken_at} (${plan.reason}), made by release ${plan.release}`,
      ...Object.entries(plan.rows).map(
        ([name, rows]) => `rows     ${name}: ${plan.now[name] ?? "none"} now, ${rows} in the backup`,
      ),
      "load     beside the databases in use, every table compared with the manifest",
      "switch   Olympus stops; one transaction renames; the old databases are kept until all is healthy, or restored",
    ],
  });
}
