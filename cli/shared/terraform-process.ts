import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { outputDirectory, terraformBinary } from "../../lib/process-env.ts";
import { isLockLaid } from "../../lib/provider-lock.ts";
import {
  READ_ONLY_INIT,
  refuseForeignVariables,
  terraformEnvironment,
} from "../../lib/terraform-environment.ts";
import { refuseUnsavedState } from "../../lib/unsaved-state.ts";
import { saveUnsavedState } from "./save-state.ts";
import { terraformFailure } from "./terraform-failure.ts";

/** A synthesized stack, and the TF_VAR_… that Terraform needs for it. */
export interface StackFolder {
  readonly stack: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where the stacks were synthesized to, unless it is the usual folder. */
  readonly output?: string;
}

export interface PlanRun {
  /** Terraform's `-detailed-exitcode`. */
  readonly changed: boolean;
  /** `terraform show -json`. Holds variable values in clear: summarise it, never print or store it. */
  readonly json: string;
}

export const LOCK = "-lock-timeout=60s";
export const PLAN = ["plan", "-input=false", "-no-color", "-detailed-exitcode"];

export const init = (folder: StackFolder): Promise<number> =>
  terraform(folder, ["init", "-input=false", "-no-color"]);

/** The same where the folder may remember another store: only once the state is known to lie in the present one. */
export const initElsewhere = (folder: StackFolder): Promise<number> =>
  terraform(folder, ["init", "-reconfigure", "-input=false", "-no-color"]);

/** The saved plan holds the tokens in clear: `file` is in a folder of its own for nobody else. */
export async function savedPlan(
  folder: StackFolder,
  file: string,
  options: readonly string[],
): Promise<PlanRun> {
  const exitCode = await terraform(folder, [...PLAN, ...options, `-out=${file}`], [0, 2]);
  const { stdout } = await runTerraform(folder, ["show", "-json", file]);
  return { changed: exitCode === 2, json: stdout };
}

/** Runs Terraform and returns its exit code. Throws its output on any code that is not `allowed`. */
export async function terraform(
  folder: StackFolder,
  args: readonly string[],
  allowed = [0],
): Promise<number> {
  const { exitCode = 1, all, shortMessage } = await runTerraform(folder, args);
  if (allowed.includes(exitCode)) return exitCode;
  throw terraformFailure(folder.stack, `terraform ${args[0]} failed.`, all || shortMessage || "");
}

export const folderOf = ({ stack, output = outputDirectory() }: StackFolder): string =>
  join(output, "stacks", stack);

export const runTerraform = (folder: StackFolder, args: readonly string[]) => {
  refuseForeignVariables(false);
  refuseUnsavedState(folderOf(folder));
  return execTerraform(folder, args);
};

/** The same beside an unsaved state. */
const execTerraform = (folder: StackFolder, args: readonly string[]) =>
  execa(terraformBinary(), args, {
    cwd: folderOf(folder),
    env: terraformEnvironment({
      ...(isLockLaid(folderOf(folder)) && READ_ONLY_INIT),
      ...folder.variables,
    }),
    extendEnv: false,
    // A question that nobody sees would wait for ever.
    stdin: "ignore",
    all: true,
    reject: false,
    maxBuffer: 256 * 1024 * 1024,
  });

let passOn: ((signal: NodeJS.Signals) => void) | undefined;

/**
 * Applies a saved plan. Terraform has a process group of its own and writes to a file: neither Ctrl+C nor the end of this
 * process stops it in the middle. An interrupt is passed on once: it ends what it began, saves the state and stops.
 */
export async function applySaved(
  folder: StackFolder,
  file: string,
  pauses?: readonly number[],
): Promise<void> {
  refuseUnsavedState(folderOf(folder));
  const output = openSync(`${file}.log`, "w+");
  let interrupted: NodeJS.Signals | undefined;
  try {
    const child = spawn(terraformBinary(), ["apply", "-input=false", "-no-color", LOCK, file], {
      cwd: folderOf(folder),
      env: terraformEnvironment(folder.variables),
      detached: true,
      stdio: ["ignore", output, output],
    });
    passOn = (signal) => {
      process.stderr.write(
        interrupted
          ? "still waiting for Terraform: to stop it now would lose track of what it makes\n"
          : `${signal}: Terraform finishes what it began and saves its state; please wait\n`,
      );
      if (!interrupted) child.kill("SIGINT");
      interrupted = signal;
    };
    const [exitCode] = await once(child, "close");
    const said = readFileSync(`${file}.log`, "utf8");
    const isSaved = await saveUnsavedState(
      { place: folderOf(folder), said, terraform: (args) => execTerraform(folder, args) },
      pauses,
    );
    if (interrupted)
      throw new Failure(
        `${folder.stack} was interrupted. Run the same command again: it continues from here.`,
      );
    if (exitCode !== 0)
      throw terraformFailure(
        folder.stack,
        isSaved ? "its state is saved after all. Run the same command again." : "terraform apply failed.",
        said,
      );
  } finally {
    passOn = undefined;
    closeSync(output);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A folder that only this user can read, removed when `work` ends and when the process is told to end. */
export async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-plan-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals) => {
    if (passOn) return passOn(signal);
    remove();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    remove();
  }
}
