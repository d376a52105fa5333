import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { parsedJson } from "../../lib/json.ts";
import { outputDirectory, terraformBinary } from "../../lib/process-env.ts";
import { refuseForeignVariables, terraformEnvironment } from "../../lib/terraform-environment.ts";

/** A synthesized stack, and the TF_VAR_… that Terraform needs for it. */
export interface StackFolder {
  readonly stack: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where the stacks were synthesized to, unless it is the usual folder. */
  readonly output?: string;
}

/** Values of a stack's outputs by name. */
export type Outputs = Readonly<Record<string, unknown>>;

export interface PlanRun {
  /** Terraform's `-detailed-exitcode`. */
  readonly changed: boolean;
  /** `terraform show -json`. Holds variable values in clear: summarise it, never print or store it. */
  readonly json: string;
}

/**
 * Synthesizes every stack into the output folder. `variables`: what holds for this one run (config/load/run.ts). Throws what the
 * program says when it refuses.
 */
export async function synthesize(variables: Readonly<Record<string, string>> = {}): Promise<void> {
  const { exitCode, stderr } = await execa("node", ["scripts/run.mjs", "main.ts"], {
    env: { CDKTF_OUTDIR: outputDirectory(), ...variables },
    reject: false,
  });
  if (exitCode !== 0) throw new Failure(stderr);
}

/**
 * Plans a synthesized stack. Changes nothing but the stack's own scratch folder and, while it runs, the lock.
 * `locks`: whether to take the state's lock; credentials that can only read cannot. Throws a {@link Failure} with
 * Terraform's words when init or plan fails, so that a refused token never looks like an empty plan.
 */
export async function planStack(folder: StackFolder, locks: boolean): Promise<PlanRun> {
  await init(folder);
  return withScratch((scratch) => savedPlan(folder, join(scratch, "plan"), [locks ? LOCK : "-lock=false"]));
}

/**
 * Plans only `targets` and what they need, lets `approve` read the plan, and applies exactly that plan. `approve` throws to
 * call it off. Throws a {@link Failure} with Terraform's words when a step fails.
 */
export async function applyTargets(
  folder: StackFolder,
  targets: readonly string[],
  approve: (plan: PlanRun) => unknown,
): Promise<void> {
  await init(folder);
  await withScratch(async (scratch) => {
    const file = join(scratch, "plan");
    const plan = await savedPlan(folder, file, [LOCK, ...targets.map((target) => `-target=${target}`)]);
    approve(plan);
    if (plan.changed) await terraform(folder, ["apply", "-input=false", "-no-color", LOCK, file]);
  });
}

/**
 * Takes what exists into the state, where a killed run has made it and lost the state that knew of it. Whether it was
 * missing there. Refuses a state that does not know `beside` either. What the provider cannot read back (user_data) makes
 * the next plan replace it.
 */
export async function adopt(
  folder: StackFolder,
  address: string,
  id: string,
  beside: string,
): Promise<boolean> {
  await init(folder);
  const known = (await run(folder, ["state", "list"])).stdout.split("\n");
  if (known.includes(address)) return false;
  // An empty state is no lost one: what it does not know may be in use.
  if (!known.includes(beside))
    throw new Failure(
      `${address} of ${folder.stack} exists (${id}), but the state that this computer sees does not contain ${folder.stack}: check state in config/base.ts.`,
    );
  await terraform(folder, ["import", "-input=false", "-no-color", LOCK, address, id]);
  return true;
}

/** The outputs of a stack, as its state has them; none where nothing was deployed. Throws a {@link Failure} like a plan. */
export async function outputsOf(folder: StackFolder): Promise<Outputs> {
  await init(folder);
  return await deployedOutputs(folder);
}

/** The same where this computer has deployed: without init, and so without the stack's tokens. */
export async function deployedOutputs(folder: StackFolder): Promise<Outputs> {
  const { exitCode, stdout, all, shortMessage } = await run(folder, ["output", "-json", "-no-color"]);
  const outputs = exitCode === 0 ? outputsSchema.safeParse(parsedJson(stdout)) : undefined;
  if (!outputs?.success)
    throw new Failure(`${all || shortMessage}\n${folder.stack}: its outputs cannot be read.`);
  return Object.fromEntries(Object.entries(outputs.data).map(([name, { value }]) => [name, value]));
}

/** A plan right after a deploy must be empty: else the code fights the clouds at every run. Throws a {@link Failure}. */
export async function requireEmptyPlan(folder: StackFolder): Promise<void> {
  const { exitCode, all, shortMessage } = await run(folder, [...PLAN, LOCK]);
  if (exitCode === 2) throw new Failure(`${all}\n${folder.stack}: the plan after the deploy is not empty.`);
  if (exitCode !== 0) throw new Failure(`${all || shortMessage}\n${folder.stack} could not be planned.`);
}

const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }));
const LOCK = "-lock-timeout=60s";
const PLAN = ["plan", "-input=false", "-no-color", "-detailed-exitcode"];

const init = (folder: StackFolder): Promise<number> =>
  terraform(folder, ["init", "-input=false", "-no-color"]);

/** The saved plan holds the tokens in clear: `file` is in a folder of its own for nobody else. */
async function savedPlan(folder: StackFolder, file: string, options: readonly string[]): Promise<PlanRun> {
  const exitCode = await terraform(folder, [...PLAN, ...options, `-out=${file}`], [0, 2]);
  const { stdout } = await run(folder, ["show", "-json", file]);
  return { changed: exitCode === 2, json: stdout };
}

/** Runs Terraform and returns its exit code. Throws its output on any code that is not `allowed`. */
async function terraform(folder: StackFolder, args: readonly string[], allowed = [0]): Promise<number> {
  const { exitCode = 1, all, shortMessage } = await run(folder, args);
  if (allowed.includes(exitCode)) return exitCode;
  throw new Failure(`${all || shortMessage}\n${folder.stack}: terraform ${args[0]} failed.`);
}

const run = ({ stack, variables, output = outputDirectory() }: StackFolder, args: readonly string[]) => {
  refuseForeignVariables(false);
  return execa(terraformBinary(), args, {
    cwd: join(output, "stacks", stack),
    env: terraformEnvironment(variables),
    extendEnv: false,
    // A question that nobody sees would wait for ever.
    stdin: "ignore",
    all: true,
    reject: false,
    maxBuffer: 256 * 1024 * 1024,
  });
};

/** A folder that only this user can read, removed when `work` ends and when the process is told to end. */
async function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-plan-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals) => {
    remove();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work(folder);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    remove();
  }
}
