import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean;
}
interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface StepEnding {
  readonly run: string;
  readonly outcome: "success" | "failure" | "skipped";
  readonly output: string;
}
export interface JobEnding {
  readonly result: "success" | "failure" | "skipped";
  readonly steps: readonly StepEnding[];
  /** What its steps wrote into GITHUB_STEP_SUMMARY. */
  readonly summary: string;
}

/** Where and with what the steps run: `vars` and `secrets` by the job's environment, as GitHub keeps them. */
export interface Runner {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly vars: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the workflow was started with. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The step as it is run: a test shortens what takes an hour. */
  readonly adapt?: (run: string) => string;
  /** How the step ended that sets the job up: what it installs is there on this computer. */
  readonly setup?: "success" | "failure";
}

/** The composite action that every job begins with. */
export const SETUP = "./.github/actions/setup";

/**
 * Runs the `run` steps of a workflow's jobs in order, as GitHub does: bash -e, the files GITHUB_ENV and GITHUB_OUTPUT,
 * and as much of its expressions as our workflows use. An expression it does not know is an error.
 */
export async function runWorkflow(file: string, runner: Runner): Promise<Record<string, JobEnding>> {
  const { jobs } = parse(readFileSync(file, "utf8")) as { jobs: Record<string, Job> };
  const endings: Record<string, JobEnding> = {};
  const outputs: Record<string, Record<string, string>> = {};
  for (const [name, job] of Object.entries(jobs)) {
    const isDue = job.needs === undefined || endings[job.needs]?.result === "success";
    const ran = isDue ? await runJob(job, runner, outputs) : undefined;
    endings[name] = ran?.ending ?? { result: "skipped", steps: [], summary: "" };
    if (ran) outputs[name] = ran.outputs;
  }
  return endings;
}

async function runJob(job: Job, runner: Runner, needs: Record<string, Record<string, string>>) {
  const temp = mkdtempSync(join(tmpdir(), "olympus-runner-"));
  const context: Record<string, string> = {};
  const put = (prefix: string, values: Readonly<Record<string, string>> = {}): void => {
    for (const [key, value] of Object.entries(values)) context[`${prefix}.${key}`] = value;
  };
  put("inputs", runner.inputs);
  const place = fill(job.environment ?? "", context);
  put("vars", runner.vars[place]);
  put("secrets", runner.secrets[place]);
  for (const [other, values] of Object.entries(needs)) put(`needs.${other}.outputs`, values);

  const steps: StepEnding[] = [];
  let exported: Record<string, string> = {};
  let failed = false;
  for (const step of job.steps) {
    if (step.uses === SETUP) {
      const outcome = runner.setup ?? "success";
      failed ||= outcome === "failure";
      if (step.id) context[`steps.${step.id}.outcome`] = outcome;
    }
    if (!step.run) continue;
    const due = isDue(step.if, failed, context);
    const env = Object.entries(step.env ?? {}).map(([key, text]) => [key, fill(text, context)]);
    const ending = due
      ? await runStep(step.run, { ...runner.env, ...exported, ...Object.fromEntries(env) }, temp, runner)
      : { run: step.run, outcome: "skipped" as const, output: "" };
    steps.push(ending);
    failed ||= ending.outcome === "failure" && !step["continue-on-error"];
    exported = { ...exported, ...pairs(join(temp, "env")) };
    if (!step.id) continue;
    context[`steps.${step.id}.outcome`] = ending.outcome;
    put(`steps.${step.id}.outputs`, pairs(join(temp, "output")));
  }
  const left = existsSync(join(temp, "olympus"));
  const summary = textOf(join(temp, "summary"));
  rmSync(temp, { recursive: true, force: true });
  if (left) throw new Error("the job leaves its SSH key on the runner");
  const result: JobEnding["result"] = failed ? "failure" : "success";
  const outputs = Object.entries(job.outputs ?? {}).map(([key, text]) => [key, fill(text, context)] as const);
  return { ending: { result, steps, summary }, outputs: Object.fromEntries(outputs) };
}

async function runStep(run: string, env: Runner["env"], temp: string, runner: Runner): Promise<StepEnding> {
  const files = {
    GITHUB_ENV: join(temp, "env"),
    GITHUB_OUTPUT: join(temp, "output"),
    GITHUB_STEP_SUMMARY: join(temp, "summary"),
    RUNNER_TEMP: temp,
  };
  writeFileSync(files.GITHUB_OUTPUT, "");
  const { exitCode, all } = await execa("bash", ["-e", "-c", runner.adapt?.(run) ?? run], {
    cwd: runner.cwd,
    env: { ...env, ...files },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { run, outcome: exitCode === 0 ? "success" : "failure", output: all };
}

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");

const pairs = (file: string): Record<string, string> =>
  Object.fromEntries(
    textOf(file)
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

/** A name that was never set is empty, as on GitHub. */
const fill = (text: string, context: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => context[name] ?? "");

/** The conditions of our workflows; without one, or without a word of failure, a step runs while nothing has failed. */
function isDue(
  text: string | undefined,
  failed: boolean,
  context: Readonly<Record<string, string>>,
): boolean {
  if (text === undefined) return !failed;
  if (/^\$\{\{ always\(\) \}\}$/.test(text)) return true;
  if (/^\$\{\{ failure\(\) \}\}$/.test(text)) return failed;
  const [, when, name = "", wanted] =
    /^\$\{\{ (?:(failure|!cancelled)\(\) && )?([\w.]+) == '(\w+)' \}\}$/.exec(text) ?? [];
  if (wanted === undefined)
    throw new Error(`${text}: a condition that the runner of these tests does not know`);
  return (when === "!cancelled" || failed === (when === "failure")) && context[name] === wanted;
}
