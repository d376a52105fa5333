import { carryOut, lastLine, storeFacts, type WorkOptions } from "./backup/run.ts";

/** Has an environment's machine store a backup, read it back, and say so. */
export const backup = (environment: string, options: WorkOptions): Promise<void> =>
  carryOut(environment, options, {
    verb: "backup",
    command: ["olympus-backup", "by-hand"],
    plan: storeFacts,
    lines: (facts) => [
      `to       ${facts.repository}`,
      lastLine(facts),
      "dump     every database, each with its own snapshot; roles, Caddy's data, the encrypted secrets",
      "store    encrypted, read back, compared; the store is checked",
    ],
  });
