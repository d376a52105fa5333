import { Failure } from "../../lib/failure.ts";
import { lastLine, type MachineScriptOptions, runOnMachine, storeFacts } from "../shared/machine-script.ts";

export interface BackupOptions extends MachineScriptOptions {
  /** Under which it is kept and found again. */
  readonly name?: string;
}

/** What a backup may be called; host/release/bin/olympus-backup says the same. */
export const BACKUP_NAME = /^[a-z][a-z0-9-]{2,40}$/;

/** Has an environment's machine store a backup, read it back, and say so. */
export async function backup(environment: string, { name, ...options }: BackupOptions): Promise<void> {
  if (name !== undefined && !BACKUP_NAME.test(name))
    throw new Failure(
      `--name ${name} is not a valid name: use 3 to 41 of a-z, 0-9 and -, starting with a letter, such as before-demo`,
    );
  await runOnMachine(environment, options, {
    verb: "backup",
    command: ["olympus-backup", "by-hand", ...(name ? [name] : [])],
    plan: storeFacts,
    lines: (facts) => [
      `to       ${facts.repository}`,
      lastLine(facts),
      "dump     every database, each with its own snapshot; roles, Caddy's data, the encrypted secrets",
      "store    encrypted, read back, compared; the store is checked",
      ...(name ? [`name     ${name}: kept until it is removed by hand`] : []),
    ],
  });
}
