import type { Command } from "commander";
import { fromOutside, onLoopback, onMachine } from "../options.ts";
import { euros, wholeNumber } from "../shared/numbers.ts";
import { PACE } from "./seed/pace.ts";

/** The verbs that only a non-production environment takes. */
export function addStagingCommands(program: Command): void {
  addPeople(program);
  addHibernation(program);

  program
    .command("clock [environment]")
    .description(
      "show what the clock started within a day, how it ended, what comes next; default: each that has one; docs/runbooks/clock.md",
    )
    .option("--json", "as JSON")
    .option("--tell", "when anything is wrong, open an issue or comment on the open one")
    .option("--failed <run>", "this run of clock.yml is about to fail")
    .action(async (environment, options) => (await import("./clock/clock.ts")).clocks(environment, options));

  // For clock.yml alone.
  program
    .command("clock-steps <environment>", { hidden: true })
    .description("print what a run of clock.yml must do: nothing when it is expired or another run does it")
    .requiredOption("--command <name>", "sleep, wake, refresh, seed or deploy")
    .option("--firing <time>", "when it was due (default: started by hand)", "")
    .option("--run <id>", "the id of this run", "")
    .action(async (environment, options) =>
      (await import("./clock/clock.ts")).clockSteps(environment, options),
    );
}

function addPeople(program: Command): void {
  onLoopback(
    program
      .command("seed <environment>")
      .description("fill an environment with synthetic people; docs/runbooks/seed.md")
      .option("--users <count>", "people who can log in (default: extras.seed)", wholeNumber(1, 1_000_000))
      .option(
        "--seed <number>",
        "the same number makes the same people (default: extras.seed)",
        wholeNumber(0, 2 ** 31),
      )
      .option("--schema-mix <shares>", "percentages, such as default=70,customer=30 (default: extras.seed)")
      .option("--preset <name>", "document: the hundred people of the seed document's own loop")
      .option("--batch <people>", "people per request", wholeNumber(1, 200), PACE.batch)
      .option("--in-flight <requests>", "concurrent requests", wholeNumber(1, 32), PACE.inFlight)
      .option("--psql <command>", "with --local: takes SQL for the database olympus on stdin")
      .option("--dry-run", "print the plan and stop"),
  ).action(async (environment, options) => (await import("./seed/seed.ts")).seed(environment, options));

  onLoopback(
    program
      .command("logins <environment>")
      .description("count the simulated logins of an environment, or start some; docs/runbooks/logins.md")
      .option("--hours <count>", "count those of the last hours", wholeNumber(1, 720), 24)
      .option("--rate <logins>", "log in at this rate per second, whatever is answered", wholeNumber(1, 1000))
      .option("--seconds <count>", "with --rate: how long", wholeNumber(1, 3600), 60)
      .option("--everybody", "log everybody in once")
      .option("--dry-run", "print the plan and stop"),
  ).action(async (environment, options) => (await import("./logins/logins.ts")).logins(environment, options));

  fromOutside(
    onMachine(
      program
        .command("refresh <environment>")
        .description("start over: empty databases, new people, smoke test; docs/runbooks/refresh.md")
        .option(
          "--to <name>",
          "restore this backup, by name or id, instead of empty databases and new people",
        )
        .option("--if-migrated", "only when the database schemas have changed since the last refresh")
        .option("--no-smoke", "skip the smoke test: another step runs it")
        .option("--dry-run", "print the plan and stop"),
    ),
  ).action(async (environment, options) =>
    (await import("./refresh/refresh.ts")).refresh(environment, options),
  );
}

function addHibernation(program: Command): void {
  onMachine(
    program
      .command("sleep <environment>")
      .description("delete an environment's server for the night; docs/runbooks/night.md")
      .option("--dry-run", "check, query, print the plan and stop")
      .option("--price <eur>", "what its server costs a month, by the invoice", euros),
  ).action(async (environment, options) => (await import("./night/sleep.ts")).sleep(environment, options));

  onMachine(
    program
      .command("wake <environment>")
      .description("create an environment's server again; does nothing when there is one")
      .option(
        "--patience <minutes>",
        "how long to retry while the location has no such server",
        wholeNumber(0, 600),
        30,
      ),
  ).action(async (environment, options) => (await import("./night/wake.ts")).wake(environment, options));

  onMachine(
    program
      .command("awake <environment>")
      .description("keep an environment's machine awake for once; docs/runbooks/awake.md")
      .option("--until <time>", "such as 2026-11-27T02:00, in extras.timeZone unless it has an offset")
      .option("--clear", "let it sleep again")
      .option("--dry-run", "check the time and stop"),
  ).action(async (environment, options) => (await import("./night/awake.ts")).awake(environment, options));
}
