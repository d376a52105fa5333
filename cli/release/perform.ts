import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../lib/failure.ts";
import { type Progress, step as timed } from "../../lib/progress.ts";
import { archive } from "../shared/archive.ts";
import type { Remote } from "../shared/ssh.ts";
import { assessHealth, READ_LOG } from "./health.ts";
import type { ReleasePlan } from "./plan.ts";
import type { Step } from "./step.ts";

/** How long to wait, in milliseconds. */
export interface Patience {
  /** For olympus.service to be up: a little more than its own TimeoutStartSec. */
  readonly start: number;
  /** For what is still wrong after that. */
  readonly settle: number;
  readonly poll: number;
}

export const PATIENCE: Patience = { start: 960_000, settle: 120_000, poll: 1000 };

/** How a plan ended. */
export interface ReleaseResult {
  readonly outcome: "done" | "taken back" | "failed";
  /** What the machine is left with. */
  readonly release: string | undefined;
  /** Why the plan was not carried out. */
  readonly problems: readonly string[];
  /** Milliseconds by step, in order. */
  readonly took: readonly (readonly [step: string, ms: number])[];
}

/** A release that started and is not well, so that there is something to take back. */
class Unhealthy extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * Carries out a plan, step by step. When the release does not become healthy, what served before is put back and
 * waited for. Throws a {@link Failure} when a step fails before the switch, with which nothing that serves was touched.
 */
export async function perform(
  plan: ReleasePlan,
  run: Remote["run"],
  progress: Progress,
  patience = PATIENCE,
): Promise<ReleaseResult> {
  const took: (readonly [string, number])[] = [];
  const all = async (steps: readonly Step[], prefix: string): Promise<void> => {
    for (const step of steps) {
      const begin = Date.now();
      try {
        await timed(progress, prefix + step.name, () => runStep(step, run, progress, patience));
      } finally {
        took.push([prefix + step.name, Date.now() - begin]);
      }
    }
  };
  const unhealthy = (error: unknown): readonly string[] => {
    if (error instanceof Unhealthy) return error.problems;
    throw error;
  };

  try {
    await all(plan.steps, "");
    return { outcome: "done", release: plan.release, problems: [], took };
  } catch (error) {
    const problems = unhealthy(error);
    if (!plan.back) return { outcome: "failed", release: plan.release, problems, took };
    progress(`${plan.release} is not healthy: rolling back to ${plan.back.release}`);
    try {
      await all(plan.back.steps, "back: ");
      return { outcome: "taken back", release: plan.back.release, problems, took };
    } catch (second) {
      const more = unhealthy(second).map((problem) => `after the rollback: ${problem}`);
      return { outcome: "failed", release: plan.back.release, problems: [...problems, ...more], took };
    }
  }
}

async function runStep(
  step: Step,
  run: Remote["run"],
  progress: Progress,
  patience: Patience,
): Promise<void> {
  if (step.awaits !== undefined) return await awaitHealth(step.awaits, step.command, run, progress, patience);
  const { exitCode, stdout, stderr } = await run(step.command, {
    ...(step.input && { input: await archive(step.input, new Date(0)) }),
    ...(step.limit && { timeoutMs: step.limit }),
  });
  if (exitCode !== 0)
    throw new Failure(`The step "${step.name}" failed with ${exitCode}: ${stderr.trim() || stdout.trim()}`);
}

async function awaitHealth(
  release: string,
  look: string,
  run: Remote["run"],
  progress: Progress,
  { start, settle, poll }: Patience,
): Promise<void> {
  let deadline = Date.now() + start;
  let isUp = false;
  let shown = "";
  for (;;) {
    const verdict = assessHealth((await run(look)).stdout, release);
    if (verdict.is === "healthy") return;
    if (verdict.is === "failed") throw new Unhealthy([...verdict.problems, ...(await lastLines(run))]);
    if (verdict.is === "unwell" && !isUp) {
      isUp = true;
      deadline = Math.min(deadline, Date.now() + settle);
    }
    const said = verdict.is === "starting" ? verdict.line : verdict.problems.join("; ");
    if (said && said !== shown) progress(`  ${said}`);
    shown = said;
    if (Date.now() > deadline)
      throw new Unhealthy([
        `not healthy before the timeout: ${said}`,
        ...(verdict.is === "starting" ? await lastLines(run) : []),
      ]);
    await sleep(poll);
  }
}

const lastLines = async (run: Remote["run"]): Promise<string[]> =>
  (await run(READ_LOG)).stdout.split("\n").filter(Boolean);
