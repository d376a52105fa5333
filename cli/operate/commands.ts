import type { Command } from "commander";
import { onMachine } from "../options.ts";

/** The verbs that keep and recover data. */
export function addOperateCommands(program: Command): void {
  onMachine(
    program
      .command("backup <environment>")
      .description("store a backup of the machine elsewhere, and read it back")
      .option("--name <name>", "keep it under this name until it is removed by hand")
      .option("--dry-run", "print the plan and stop"),
  ).action(async (environment, options) => (await import("./backup.ts")).backup(environment, options));

  onMachine(program.command("backups <environment>").description("list the backups in the store")).action(
    async (environment, options) => (await import("./backups.ts")).backups(environment, options),
  );

  onMachine(
    program
      .command("restore <environment>")
      .description("replace all databases by a backup; docs/runbooks/restore.md")
      .option("--dry-run", "print the plan and stop")
      .option("--snapshot <id>", "a certain backup: its id, or name:<name>", "latest"),
  ).action(async (environment, options) => (await import("./restore.ts")).restore(environment, options));

  onMachine(
    program
      .command("drill <environment>")
      .description("prove that the newest backup restores; prints RPO and RTO")
      .option("--dry-run", "print the plan and stop"),
  ).action(async (environment, options) => (await import("./drill.ts")).drill(environment, options));

  onMachine(
    program
      .command("revoke <person>")
      .description("end a person's account, and name what else lets them in; docs/runbooks/revoke.md")
      .option("--account <address>", "what they log in with at the administrators' pages, or none")
      .option("--login <name>", "who they are on GitHub, or none")
      .option("--age <recipient>", "their public age key, or none")
      .option("--environment <names...>", "these alone (default: all)")
      .option("--dry-run", "change nothing")
      .option("--yes", "do not ask before production"),
  ).action(async (person, options) => (await import("./revoke/revoke.ts")).revoke(person, options));

  onMachine(
    program
      .command("second-factor <environment> <address>")
      .description("whether an administrator has a second factor, and the way in when it is lost")
      .option("--remove", "take it away and end their sessions: the password alone opens the account then")
      .option("--yes", "do not ask before production"),
  ).action(async (environment, address, options) =>
    (await import("./second-factor.ts")).secondFactor(environment, address, options),
  );

  program
    .command("redact <source>")
    .description("write a copy of a database without its people; docs/runbooks/redact.md")
    .requiredOption("--kind <kind>", "which database it is: kratos, hydra or olympus")
    .requiredOption("--out <file>", "the dump to write")
    .option("--password-file <file>", "first line: everybody's new password (default: one is generated)")
    .option("--dry-run", "print the plan and stop")
    .option("--json", "as JSON")
    .action(async (source, options) => (await import("./redact.ts")).redact(source, options));
}
