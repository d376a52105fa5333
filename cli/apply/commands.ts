import type { Command } from "commander";
import { onMachine } from "../options.ts";

/** The verb that brings everything of a checkout to an environment. */
export function addApplyCommand(program: Command): void {
  onMachine(
    program
      .command("apply <environment>")
      .description(
        "bring everything of this checkout: the zone, the environment, on a new machine its secrets, the release, what follows from it; asks once",
      )
      .option("--dry-run", "show what would be done and stop")
      .option("--yes", "do not ask")
      .option("--without-backup", "release even if no backup could be made: a failed migration may cost data")
      .option("--bundle <hash>", "release only this bundle: the hash that `olympus soak` printed"),
  ).action(async (environment, options) => {
    const outcome = await (await import("./apply.ts")).apply(environment, options);
    if (outcome !== "done") process.exitCode = 1;
  });
}
