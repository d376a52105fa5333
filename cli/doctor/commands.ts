import type { Command } from "commander";
import { onMachine } from "../options.ts";

/** The verb that says what is done and what comes next. */
export function addDoctorCommand(program: Command): void {
  onMachine(
    program
      .command("doctor [environment]")
      .description(
        "list everything between a clone and a running pipeline: what is done, what is not, what is next",
      )
      .option("--fix", "do what needs no person, each change shown and confirmed; docs/runbooks/doctor.md")
      .option("--yes", "with --fix: without asking")
      .option(
        "--reviewer <login>",
        "with --fix: who approves deploys to where real people are, a login or owner/team; may be repeated",
        (one: string, before: string[] = []) => [...before, one],
      ),
  ).action(async (environment, options) => (await import("./doctor.ts")).doctor(environment, options));
}
