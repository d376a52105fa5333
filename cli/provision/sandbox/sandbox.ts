import { Command } from "commander";
import { execa } from "execa";
import { Failure } from "../../../lib/failure.ts";
import { callerDirectory, childEnvironment } from "../../../lib/process-env.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { type CloudflareChoice, down, reset, up } from "../../../sandbox/lifecycle.ts";
import { areHealthy } from "../../../sandbox/local/containers.ts";
import { resetLocal } from "../../../sandbox/local/reset.ts";
import { runningSession, type SandboxSession, sandboxVariables } from "../../../sandbox/session.ts";
import { cloudsText, localJson, localText } from "./text.ts";

/** Loaded when it is wanted: its X.509 library would slow every command down. */
const local = () => import("../../../sandbox/local/stack.ts");

/** `olympus sandbox …`: the clouds on this machine, and Olympus itself. */
export const sandboxCommand = (): Command => {
  const command = new Command("sandbox").description(
    "emulated clouds on this machine for the real Terraform, and Olympus in containers",
  );
  command
    .command("up")
    .description("start them, or say that they run")
    .option(
      "--cloudflare <provider>",
      "auto, real or stand-in: which Cloudflare provider Terraform meets",
      "auto",
    )
    .option("--host", "Olympus itself too, in containers on *.localhost; needs root")
    .option("--machines", "servers of the clouds are real machines, booted here; needs root")
    .action(start);
  command.command("status").description("say what runs").option("--json", "as JSON").action(status);
  command
    .command("down")
    .description("stop them; what they hold stays")
    .action(async () => {
      const stopped = [await (await local()).downLocal(stderrProgress), await down()];
      console.log(
        stopped.includes(true) ? "The sandbox is stopped; its state is kept." : "No sandbox is running.",
      );
    });
  command
    .command("reset")
    .description("stop them and forget everything")
    .action(async () => {
      await resetLocal();
      await reset();
      console.log("The sandbox is gone.");
    });
  command
    .command("secrets")
    .description("make the sandbox's own secrets, or fill in what has come since")
    .action(async () => {
      const { initSandboxSecrets } = await import("./secrets.ts");
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

function required(): SandboxSession {
  const session = runningSession();
  if (!session) throw new Failure("No sandbox is running. Start it with `npx olympus sandbox up`.");
  return session;
}

interface UpOptions {
  readonly cloudflare: string;
  readonly host?: boolean;
  readonly machines?: boolean;
}

async function start({ cloudflare, host, machines }: UpOptions): Promise<void> {
  const begin = performance.now();
  const session = await up({ cloudflare: choice(cloudflare), machines: machines === true }, stderrProgress);
  console.log(cloudsText(session));
  if (!host) return;
  console.log(localText(await (await local()).upLocal(stderrProgress)));
  console.log(`Up after ${Math.round((performance.now() - begin) / 1000)} s.`);
}

async function status({ json }: { json?: boolean }): Promise<void> {
  const session = runningSession();
  const stack = await (await local()).localStack();
  if (json) {
    const { tokens, ...shown } = session ?? { tokens: {} };
    const clouds = { running: session !== undefined, ...shown, variables: Object.keys(tokens) };
    console.log(JSON.stringify({ ...clouds, ...(stack && { local: localJson(stack) }) }, null, 2));
  } else {
    console.log(session ? cloudsText(session) : "No sandbox is running.");
    if (stack) console.log(localText(stack));
  }
  process.exitCode = session && (!stack || areHealthy(stack.services)) ? 0 : 1;
}

const exports = (session: SandboxSession): string =>
  Object.entries(sandboxVariables(session))
    .map(([name, value]) =>
      value === undefined ? `unset ${name}` : `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    )
    .join("\n");
