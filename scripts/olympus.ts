import { Command } from "commander";
import { Failure } from "./lib/failure.ts";
import { sandbox } from "./sandbox.ts";

const program = new Command("olympus").description(
  "Operates Olympus: production, and staging that mirrors it.",
);

program
  .command("parity")
  .description("print every difference between the environments and what causes it")
  .option("--json", "as JSON")
  .option("--markdown", "as a pull request shows it")
  .option("--html <file>", "also as a page")
  .action(async (options) => (await import("./parity.ts")).parity(options));

program
  .command("plan [stacks...]")
  .description("print what a deploy would do; exit code 0 nothing, 2 something, 1 an error")
  .option("--json", "as JSON")
  .option("--out <folder>", "also write a summary of each stack, for pr-report")
  .option("--no-lock", "leave the state's lock alone, as credentials that only read must")
  .action(async (stacks, options) => (await import("./plan.ts")).plan(stacks, options));

program
  .command("pr-report")
  .description("print what a pull request would change, as one comment")
  .option("--plans <folder>", "what `olympus plan --out` wrote")
  .option("--comment <number>", "write it to this pull request, over its earlier self")
  .action(async (options) => (await import("./pr-report.ts")).pullRequestReport(options));

program
  .command("csr <environment>")
  .description("make the key and certificate request of an environment")
  .option("--force", "replace the ones that are there")
  .action(async (environment, options) => (await import("./csr.ts")).csr(environment, options));

program
  .command("provision <environment>")
  .description("deploy an environment and its zone, and prove that nothing is left to do")
  .option("--sandbox", "to the emulated clouds on this machine")
  .option("--host", "in the sandbox: boot the server for real; needs root")
  .option("--yes", "apply without asking")
  .action(async (environment, options) => (await import("./provision.ts")).provision(environment, options));

program
  .command("ranges")
  .description("say whether the snapshot of Cloudflare's addresses is still true")
  .action(async () => (await import("./ranges.ts")).ranges());

program.addCommand(sandbox());

program.parseAsync().catch((error: unknown) => {
  // By name: loading config's own class would slow every command down.
  const isReadable = error instanceof Failure || (error instanceof Error && error.name === "ConfigError");
  console.error(isReadable ? error.message : error);
  process.exitCode = 1;
});
