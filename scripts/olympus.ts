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
  .command("csr <environment>")
  .description("make the key and certificate request of an environment")
  .option("--force", "replace the ones that are there")
  .action(async (environment, options) => (await import("./csr.ts")).csr(environment, options));

program
  .command("provision <environment>")
  .description("deploy an environment and its zone, and prove that nothing is left to do")
  .option("--sandbox", "to the emulated clouds on this machine")
  .option("--yes", "apply without asking")
  .action(async (environment, options) => (await import("./provision.ts")).provision(environment, options));

program.addCommand(sandbox());

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
