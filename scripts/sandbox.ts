import { Command } from "commander";
import { execa } from "execa";
import { callerDirectory, childEnvironment } from "../config/process-env.ts";
import { stderrProgress } from "../sandbox/host/progress.ts";
import { type CloudflareChoice, down, reset, up } from "../sandbox/lifecycle.ts";
import { runningSession, type Session, sandboxVariables } from "../sandbox/session.ts";
import { Failure } from "./lib/failure.ts";

/** `olympus sandbox …`: the clouds on this machine. */
export const sandbox = (): Command => {
  const command = new Command("sandbox").description(
    "emulated clouds on this machine, for the real Terraform",
  );
  command
    .command("up")
    .description("start them, or say that they run")
    .option(
      "--cloudflare <provider>",
      "auto, real or stand-in: which Cloudflare provider Terraform meets",
      "auto",
    )
    .option("--host", "servers are real machines, booted here; needs root")
    .action(async ({ cloudflare, host }) =>
      console.log(
        described(await up({ cloudflare: choice(cloudflare), machines: host === true }, stderrProgress)),
      ),
    );
  command.command("status").description("say what runs").option("--json", "as JSON").action(status);
  command
    .command("down")
    .description("stop them; what they hold stays")
    .action(async () => {
      console.log((await down()) ? "The sandbox is stopped; its state is kept." : "No sandbox is running.");
    });
  command
    .command("reset")
    .description("stop them and forget everything")
    .action(async () => {
      await reset();
      console.log("The sandbox is gone.");
    });
  command
    .command("secrets")
    .description("make the sandbox's own secrets, or fill in what has come since")
    .action(async () => {
      const { initSandboxSecrets } = await import("./lib/sandbox-secrets.ts");
      await initSandboxSecrets(required(), stderrProgress);
    });
  command
    .command("env")
    .description('print the variables of a shell: eval "$(npx olympus sandbox env)"')
    .action(() => console.log(exports(required())));
  command
    .command("run <command...>")
    .description("run a command against the sandbox: olympus sandbox run -- npx cdktf diff staging")
    .action(async (words: string[]) => {
      const [file = "", ...args] = words;
      const env = childEnvironment(sandboxVariables(required()));
      const { exitCode } = await execa(file, args, {
        cwd: callerDirectory(),
        env,
        extendEnv: false,
        stdio: "inherit",
        reject: false,
      });
      process.exitCode = exitCode ?? 1;
    });
  return command;
};

function choice(word: string): CloudflareChoice {
  if (word === "auto" || word === "real" || word === "stand-in") return word;
  throw new Failure(`--cloudflare ${word}: allowed are auto, real and stand-in`);
}

function required(): Session {
  const session = runningSession();
  if (!session) throw new Failure("No sandbox is running. Start it with `npx olympus sandbox up`.");
  return session;
}

function status({ json }: { json?: boolean }): void {
  const session = runningSession();
  if (json) {
    const { tokens, ...shown } = session ?? { tokens: {} };
    console.log(
      JSON.stringify({ running: session !== undefined, ...shown, variables: Object.keys(tokens) }, null, 2),
    );
  } else console.log(session ? described(session) : "No sandbox is running.");
  process.exitCode = session ? 0 : 1;
}

const described = (session: Session): string =>
  [
    `The sandbox runs (process ${session.pid}).`,
    `  Hetzner Cloud  ${session.hetznerUrl}/v1  the real provider${session.cliConfig ? ", from the local mirror" : ""}`,
    `  Cloudflare     ${session.cloudflareUrl}/client/v4  ${session.cloudflare === "real" ? "the real provider" : "a stand-in provider: it checks less than the real one"}`,
    `  Servers        ${session.registryPid ? "real machines: Debian 13 in containers; images of Kratos, Hydra and the applications stand in (see sandbox/host)" : "in the books only"}`,
    '  In a shell     eval "$(npx olympus sandbox env)"',
  ].join("\n");

const exports = (session: Session): string =>
  Object.entries(sandboxVariables(session))
    .map(([name, value]) =>
      value === undefined ? `unset ${name}` : `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    )
    .join("\n");
