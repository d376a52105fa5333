import { Failure } from "../../../lib/failure.ts";
import { stderrProgress as progress, step } from "../../../lib/progress.ts";
import { lastLines } from "../../../lib/text.ts";
import { BACKUP_NAME } from "../../operate/backup.ts";
import { queryMachine, scriptCommand } from "../../shared/machine-script.ts";
import { requireNonProduction } from "../../shared/non-production.ts";
import type { Remote } from "../../shared/ssh.ts";
import { connectToMachine } from "../../shared/target.ts";
import { previewSchema } from "./machine.ts";
import { type PostRefreshOptions, seedAndVerify, verifyRestoredBackup } from "./post-refresh.ts";
import { isWell, type RefreshReport, refreshPlan, refreshText } from "./report.ts";
import { schemaChanges } from "./schema.ts";

export interface RefreshOptions extends PostRefreshOptions {
  /** Name of a backup. */
  readonly to?: string;
  readonly ifMigrated?: boolean;
  readonly dryRun?: boolean;
}

const LIMIT_MS = 2 * 3600 * 1000;

/**
 * Starts an environment with extras over: backup, empty databases or a certain backup, new people, smoke test, and a list
 * of what stands there against what should. Killed at any moment it is run again. Exit code 1 when anything is not as it
 * should be.
 */
export async function refresh(name: string, options: RefreshOptions): Promise<void> {
  const env = requireNonProduction(name, "Its databases are never dropped.");
  const { to, ifMigrated, dryRun, smoke, json } = options;
  if (to !== undefined && !BACKUP_NAME.test(to))
    throw new Failure(`--to ${to} is not a valid backup name: \`olympus backups ${name}\` lists them`);
  const remote = await connectToMachine(name, options);
  let machine: string;
  try {
    const look = await queryMachine(remote, scriptCommand(["olympus-refresh", "--look"]), previewSchema);
    const changes = schemaChanges(look.last.schema, look.schema);
    const isDue = !ifMigrated || changes.length > 0 || look.last.ok === false || look.is_cut_short;
    const because = ifMigrated ? changes.map((line) => `  because  ${line}`) : [];
    const plan = isDue
      ? [refreshPlan(name, look, to, smoke), ...because].join("\n")
      : `${name}: no migration since its last refresh, nothing to do`;
    if (dryRun || !isDue) {
      console.log(json ? JSON.stringify({ environment: name, isDue, changes, to, look }, null, 2) : plan);
      return;
    }
    console.error(plan);
    machine = await startOver(remote, name, to);
  } finally {
    await remote.close();
  }
  const outcome = await (to ? verifyRestoredBackup : seedAndVerify)(env, options);
  const report: RefreshReport = { environment: name, to, machine, ...outcome };
  console.log(json ? JSON.stringify(report, null, 2) : refreshText(report));
  process.exitCode = isWell(report) ? 0 : 1;
}

/** The machine's own part; its last line. */
async function startOver(remote: Remote, name: string, to: string | undefined): Promise<string> {
  const command = scriptCommand(["olympus-refresh", ...(to ? ["--to", `name:${to}`] : [])]);
  const done = await step(progress, "refresh on the machine", () =>
    remote.run(command, { timeoutMs: LIMIT_MS, onLine: (line) => progress(`  ${line}`) }),
  );
  if (done.exitCode === 0) return done.stdout.trim();
  throw new Failure(
    `The refresh of ${name} failed; docs/runbooks/refresh.md says what to do.\n${lastLines(done.stderr)}`,
  );
}
