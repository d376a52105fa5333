import type { Command } from "commander";
import { renamedOption } from "../../options.ts";

/** Loaded when it is wanted: what it starts would slow every command down. */
const actions = () => import("./sandbox.ts");

/** `olympus sandbox …`: the clouds on this computer, and Olympus itself. */
export function addSandboxCommand(program: Command): void {
  const sandbox = program
    .command("sandbox")
    .description(
      "emulated clouds on this computer, and Olympus itself in containers; docs/runbooks/sandbox.md",
    );
  renamedOption(
    sandbox
      .command("up")
      .description("start them; does nothing when they run")
      .option(
        "--cloudflare <provider>",
        "auto, real or stand-in: which Cloudflare provider Terraform uses",
        "auto",
      )
      .option("--local", "Olympus itself too, in containers on *.localhost; needs root")
      .option("--machines", "servers of the clouds are real machines, booted here; needs root"),
    "--host",
    "--local",
  ).action(async (options) => (await actions()).startSandbox(options));
  sandbox
    .command("status")
    .description("show what runs")
    .option("--json", "as JSON")
    .action(async (options) => (await actions()).showSandbox(options));
  sandbox
    .command("down")
    .description("stop them; their state is kept")
    .action(async () => (await actions()).stopSandbox());
  sandbox
    .command("reset")
    .description("stop them and delete their state")
    .action(async () => (await actions()).resetSandbox());
  sandbox
    .command("secrets")
    .description("generate the sandbox's own secrets, or those that are missing")
    .action(async () => (await actions()).generateSandboxSecrets());
  sandbox
    .command("env")
    .description('print the variables of a shell: eval "$(./olympus sandbox env)"')
    .action(async () => (await actions()).printVariables());
  sandbox
    .command("run <command...>")
    .description("run a command against the sandbox: olympus sandbox run -- npx cdktf diff staging")
    .action(async (command) => (await actions()).runInSandbox(command));
}
