import { execa } from "execa";
import { images } from "../../../config/images.ts";
import { Failure } from "../../../lib/failure.ts";
import { callerDirectory, childEnvironment } from "../../../lib/process-env.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { builtInstead } from "../../../sandbox/images/under-test.ts";
import { type CloudflareChoice, down, reset, up } from "../../../sandbox/lifecycle.ts";
import { areHealthy } from "../../../sandbox/local/containers.ts";
import { resetLocal } from "../../../sandbox/local/reset.ts";
import { CLOUDS, machines as forMachines, LOCAL } from "../../../sandbox/prepare.ts";
import { requirePreparable } from "../../../sandbox/programs/preparation.ts";
import { runningSession, type SandboxSession, sandboxVariables } from "../../../sandbox/session.ts";
import { cloudsText, localJson, localText } from "./text.ts";

/** Loaded when it is wanted: its X.509 library would slow every command down. */
const local = () => import("../../../sandbox/local/stack.ts");

/** Stops the sandbox; its state is kept. */
export async function stopSandbox(): Promise<void> {
  const stopped = [await (await local()).downLocal(stderrProgress), await down()];
  console.log(
    stopped.includes(true) ? "The sandbox is stopped; its state is kept." : "No sandbox is running.",
  );
}

/** Stops the sandbox and deletes its state. */
export async function resetSandbox(): Promise<void> {
  await resetLocal();
  await reset();
  console.log("The sandbox is gone.");
}

/** Generates the sandbox's own secrets, or those that are missing. */
export async function generateSandboxSecrets(): Promise<void> {
  const { initSandboxSecrets } = await import("./secrets.ts");
  await initSandboxSecrets(required(), stderrProgress);
}

/** Prints the variables that lead Terraform to the sandbox, as a shell reads them. */
export function printVariables(): void {
  console.log(exports(required()));
}

/** Runs a command with the variables of the sandbox, where the user called from, and takes over its exit code. */
export async function runInSandbox([file = "", ...args]: readonly string[]): Promise<void> {
  const { exitCode } = await execa(file, args, {
    cwd: callerDirectory(),
    env: childEnvironment(sandboxVariables(required())),
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  process.exitCode = exitCode ?? 1;
}

function choice(word: string): CloudflareChoice {
  if (word === "auto" || word === "real" || word === "stand-in") return word;
  throw new Failure(`--cloudflare ${word}: allowed are auto, real and stand-in`);
}

function required(): SandboxSession {
  const session = runningSession();
  if (!session) throw new Failure("No sandbox is running. Start it with `./olympus sandbox up`.");
  return session;
}

interface UpOptions {
  readonly cloudflare: string;
  /** Olympus itself too, in containers. */
  readonly local?: boolean;
  /** Servers are real machines. */
  readonly machines?: boolean;
}

/** Starts the sandbox, or finds it running, and prints what there is. */
export async function startSandbox({ cloudflare, local: withOlympus, machines }: UpOptions): Promise<void> {
  const begin = performance.now();
  if (withOlympus) await requirePreparable([machines ? forMachines() : CLOUDS, LOCAL]);
  const session = await up({ cloudflare: choice(cloudflare), machines: machines === true }, stderrProgress);
  console.log(cloudsText(session, builtInstead(images)));
  if (!withOlympus) return;
  console.log(localText(await (await local()).upLocal(stderrProgress)));
  console.log(`Up after ${Math.round((performance.now() - begin) / 1000)} s.`);
}

/** Prints what runs. Exit code 1 when nothing does, or when Olympus is not healthy. */
export async function showSandbox({ json }: { json?: boolean }): Promise<void> {
  const session = runningSession();
  const stack = await (await local()).localStack();
  if (json) {
    const { tokens, ...shown } = session ?? { tokens: {} };
    const clouds = { running: session !== undefined, ...shown, variables: Object.keys(tokens) };
    console.log(JSON.stringify({ ...clouds, ...(stack && { local: localJson(stack) }) }, null, 2));
  } else {
    console.log(session ? cloudsText(session, builtInstead(images)) : "No sandbox is running.");
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
