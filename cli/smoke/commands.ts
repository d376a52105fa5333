import type { Command } from "commander";
import { fromOutside } from "../options.ts";

/** `olympus smoke`. */
export function addSmokeCommand(program: Command): void {
  fromOutside(
    program
      .command("smoke <environment>")
      .description("test from outside whether an environment works; docs/runbooks/smoke.md")
      .option("--json", "as JSON")
      .option("--rate-limit", "use up the limit of POSTs (default: in a non-production environment only)")
      .option("--no-rate-limit", "do not test the limit of POSTs"),
  ).action(async (environment, options) => (await import("./smoke.ts")).smoke(environment, options));
}
