import type { ReleaseResult } from "./perform.ts";
import type { ReleasePlan } from "./plan.ts";
import type { Step } from "./step.ts";
import { type Visitors, visitorsText } from "./visitors.ts";

const described = (steps: readonly Step[]): string[] =>
  steps.flatMap(({ name, does, command, input }) => [
    `  ${name.padEnd(8)} ${does}`,
    ...command.split("\n").map((line) => `             ${line}`),
    ...(input ? ["             (reads the files as a tar stream)"] : []),
  ]);

/** The plan as an operator reads it before approving. `notes`: what happens on this side of the connection. */
export function releasePlanText(environment: string, plan: ReleasePlan, notes: readonly string[]): string {
  if (plan.isDone) return `${environment} already serves ${plan.release} and is healthy; nothing to do.`;
  const title = `${plan.verb} of ${environment}: ${plan.release}`;
  const back = plan.back
    ? [`If it does not become healthy, roll back to ${plan.back.release}:`, ...described(plan.back.steps)]
    : ["If it does not become healthy, there is no release to roll back to."];
  return [title, ...notes.map((note) => `  ${note}`), ...described(plan.steps), ...back].join("\n");
}

/** The plan for a program: without the contents of files. */
export const releasePlanJson = (
  environment: string,
  { steps, back, ...plan }: ReleasePlan,
  notes: readonly string[],
) => ({
  environment,
  ...plan,
  notes,
  steps: steps.map(stepJson),
  back: back && { release: back.release, steps: back.steps.map(stepJson) },
});

const stepJson = ({ input, ...step }: Step) => ({ ...step, files: input?.map(({ path }) => path) });

const ENDINGS = {
  done: "serves",
  "taken back": "was rolled back to",
  failed: "is not healthy with",
} as const;

/** How it ended, and what visitors met meanwhile where the machine counts that. */
export function releaseResultText(
  environment: string,
  plan: ReleasePlan,
  result: ReleaseResult,
  visitors?: Visitors,
): string {
  const seconds = (result.took.reduce((sum, [, ms]) => sum + ms, 0) / 1000).toFixed(1);
  return [
    ...(result.problems.length ? [`${plan.release} did not become healthy:`] : []),
    ...result.problems.map((problem) => `  ${problem}`),
    `${environment} ${ENDINGS[result.outcome]} ${result.release} (${seconds} s).`,
    ...(visitors ? [visitorsText(visitors)] : []),
    ...(result.outcome === "done" ? next(environment, plan) : []),
  ].join("\n");
}

/** What a person does after it; after the first release of a machine, log in. */
const next = (environment: string, { verb, back }: ReleasePlan): string[] => [
  "Next",
  ...(verb === "release" && !back
    ? [`  ./olympus first-login ${environment}    how its first administrator logs in`]
    : []),
  `  ./olympus smoke ${environment}    whether it works, from outside`,
];
