import type { Command } from "commander";
import { fromOutside, onMachine } from "../options.ts";

/** The verbs that pipelines and reviewers call. */
export function addDeliveryCommands(program: Command): void {
  program
    .command("parity")
    .description("print every difference between the environments and what causes it")
    .option("--json", "as JSON")
    .option("--markdown", "as a pull request shows it")
    .option("--html <file>", "also write a page")
    .action(async (options) => (await import("./parity.ts")).parity(options));

  program
    .command("containment")
    .description("print what whoever holds an environment, a pull request or the clock's Worker reaches")
    .option("--json", "as JSON")
    .option("--markdown", "as a pull request shows it")
    .option("--html <file>", "also write a page")
    .action(async (options) => (await import("./containment.ts")).containment(options));

  program
    .command("cost")
    .description(
      "print what each environment costs a month, and today's prices where a token of Hetzner is there",
    )
    .option("--json", "as JSON")
    .action(async (options) => (await import("./cost.ts")).printCost(options));

  program
    .command("guards")
    .description("ask GitHub whether main and the environments are guarded as containment presupposes")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./guards.ts")).guards(options));

  program
    .command("advisories")
    .description("hold all pins against published advisories; exit code 0 none, 1 some, 2 no answer")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./advisories/advisories.ts")).advisories(options));

  program
    .command("plan [stacks...]")
    .description("print what a deploy would do; exit code 0 nothing, 2 changes, 1 an error")
    .option("--json", "as JSON")
    .option("--out <folder>", "also write a summary of each stack, for pr-report")
    .option("--no-lock", "do not lock the state, as credentials that only read must")
    .action(async (stacks, options) => (await import("./plan.ts")).plan(stacks, options));

  program
    .command("pr-report")
    .description("print what a pull request would change, as one comment")
    .option("--plans <folder>", "what `olympus plan --out` wrote")
    .option("--base <commit>", "what it would be merged into: finds out whether it carries a migration")
    .option("--comment <number>", "write it to this pull request, over its earlier version")
    .action(async (options) => (await import("./pr-report.ts")).pullRequestReport(options));

  program
    .command("upgrade")
    .description("say what another version would change here, before it is merged; exit code 1 not by itself")
    .requiredOption("--check <version>", "commit, branch or tag of it, such as upstream/main")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./upgrade/upgrade.ts")).checkUpgrade(options));

  fromOutside(
    onMachine(
      program
        .command("soak <environment>")
        .description("observe what this commit released; exit code 1 at the first fault")
        .option("--minutes <number>", "how long", "60")
        .option("--every <number>", "minutes between two samples", "5"),
    ),
  ).action(async (environment, options) => (await import("./soak/soak.ts")).soak(environment, options));
}
