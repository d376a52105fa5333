import type { Command } from "commander";
import { renamedOption } from "../options.ts";
import { addSandboxCommand } from "./sandbox/commands.ts";

/** The verbs that bring an environment into being. */
export function addProvisionCommands(program: Command): void {
  program
    .command("init")
    .description("ask what only a person knows, and write the configuration and what belongs to it")
    .option("--from <file>", "take the answers from YAML and ask nothing; - for standard input")
    .option("--answers", "print what the configuration says today, as such a file")
    .option("--yes", "put it in place without asking")
    .action(async (options) => (await import("../init/init.ts")).initCheckout(options));

  program
    .command("csr <environment>")
    .description("make the key and certificate request of an environment")
    .option("--force", "replace the ones that are there")
    .action(async (environment, options) => (await import("./csr.ts")).csr(environment, options));

  program
    .command("ranges")
    .description("check the snapshot of Cloudflare's addresses against what Cloudflare publishes")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./ranges.ts")).ranges(options));

  program
    .command("types")
    .description("write Hetzner's server types and prices of today into config/hetzner-list.ts")
    .option("--check", "print what differs and stop; exit code 0 nothing, 1 something")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./types.ts")).refreshTypes(options));

  program
    .command("provider-lock")
    .description("write the checksums of the Terraform providers that may run into config/terraform.lock.hcl")
    .option("--check", "say whether it holds what it must; exit code 1 when not")
    .option(
      "--mirror <folder>",
      "take the packages from there (`terraform providers mirror`) and not from the registry",
    )
    .option("--json", "as JSON")
    .action(async (options) => (await import("../shared/provider-lock.ts")).providerLock(options));

  program
    .command("providers <environment>")
    .description("list its accounts at third parties: which kind, what to register, what is missing")
    .option("--json", "as JSON")
    .action(async (environment, options) =>
      (await import("./providers/providers.ts")).providers(environment, options),
    );

  renamedOption(
    program
      .command("provision <environment>")
      .description("deploy an environment and its zone, and check that a second plan is empty")
      .option("--sandbox", "to the emulated clouds on this computer")
      .option("--machines", "with --sandbox: boot the server as a real machine; needs root")
      .option("--yes", "apply without asking"),
    "--host",
    "--machines",
  ).action(async (environment, options) => (await import("./provision.ts")).provision(environment, options));

  program
    .command("split-keys")
    .description(
      "take an installed fleet from shared keys to one for each environment; exit code 2 until the old ones open nothing",
    )
    .option("--bucket <name>", "the bucket that held every state: copies each to a bucket of its own")
    .option("--profile <name>", "profile of its key in ~/.aws/credentials", "olympus-shared")
    .option("--identity <file>", "private half of the deploys' shared key: tries it on every machine")
    .option("--dry-run", "print what would be copied and stop")
    .option("--yes", "copy without asking")
    .action(async (options) => (await import("./split-keys/split-keys.ts")).splitKeys(options));

  addSandboxCommand(program);
}
