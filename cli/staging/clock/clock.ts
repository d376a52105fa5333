import { loadFleet } from "../../../config/index.ts";
import { type ClockCommand, clockCommands } from "../../../config/load/clock-commands.ts";
import { type NonProductionEnvironment, servesRealPeople } from "../../../config/load/environment.ts";
import type { Extras } from "../../../config/load/schema.ts";
import { Failure } from "../../../lib/failure.ts";
import { stateDirectory } from "../../../lib/process-env.ts";
import { requireNonProduction } from "../../shared/non-production.ts";
import { notifyWatchers } from "./issue.ts";
import { auditRuns, auditText, needsAttention } from "./run-audit.ts";
import { clockRuns } from "./runs.ts";
import { expiryOf, scheduledRuns, stepsOf } from "./scheduled-runs.ts";

export interface ClockOptions {
  readonly json?: boolean;
  readonly tell?: boolean;
  /** Id of a run that is about to end red: this one. */
  readonly failed?: string;
}

const DAY_MS = 24 * 3600_000;
const ONLY_NON_PRODUCTION = "Only a non-production environment has a clock.";

/** {@link clock} of one environment, or of each that has one, one after another. */
export async function clocks(
  name: string | undefined,
  options: ClockOptions,
  now = new Date(),
): Promise<void> {
  const all = loadFleet().mirrors.filter(({ environment }) => !servesRealPeople(environment));
  for (const each of name === undefined ? all.map((mirror) => mirror.name) : [name])
    await clock(each, options, now);
}

/** Prints what the clock started within a day and how it ended, and what comes next. Exit code 1 when anything is wrong. */
export async function clock(name: string, options: ClockOptions, now = new Date()): Promise<void> {
  const env = requireNonProduction(name, ONLY_NON_PRODUCTION);
  const since = new Date(now.getTime() - DAY_MS);
  const runs = (await clockRuns(env.repository, since)).filter(({ environment }) => environment === name);
  const seen = runs.map((run) =>
    String(run.id) === options.failed ? { ...run, is: "failed" as const } : run,
  );
  const entries = auditRuns(scheduledRuns(env.extras, since, now), seen, now);
  const coming = scheduledRuns(env.extras, now, new Date(now.getTime() + DAY_MS));
  const failing = seen.find(({ id }) => String(id) === options.failed);
  const isWell = !failing && !entries.some(needsAttention);

  const text = [
    ...(failing ? [`${failing.command} of ${name} failed: ${failing.url}`] : []),
    auditText(name, entries, coming),
  ].join("\n");
  console.log(options.json ? JSON.stringify({ environment: name, isWell, entries, coming }, null, 2) : text);
  process.exitCode = isWell ? (process.exitCode ?? 0) : 1;
  if (options.tell && !isWell) await notifyWatchers(env.repository, name, text);
}

export interface StepsOptions {
  /** sleep, wake, refresh, seed; or deploy, which needs a machine that is awake. */
  readonly command: string;
  /** When it fell due; empty where a person asks. */
  readonly firing: string;
  /** Id of the run that asks. */
  readonly run: string;
}

/**
 * Prints what a run of clock.yml is to do, as `wake=true` lines for GITHUB_OUTPUT: nothing for a firing that is past, or
 * that another run has taken on. Throws a {@link Failure} where it could not be done from here.
 */
export async function clockSteps(
  name: string,
  { command, firing, run }: StepsOptions,
  now = new Date(),
): Promise<void> {
  const env = requireNonProduction(name, ONLY_NON_PRODUCTION);
  if (command === "deploy") {
    if (hasSharedState()) return console.log("wake=true");
    return console.error(`${name} is not put to sleep by the clock: Terraform's state is local`);
  }
  if (!isCommand(command, env.extras))
    throw new Failure(`--command ${command} is not a command of the clock`);
  const reason = firing ? await reasonToDrop(env, { command, at: timeOf(firing), run, now }) : undefined;
  if (reason) return console.error(`${command} of ${name}, due ${firing}, is dropped: ${reason}`);
  const steps = stepsOf(command, env.extras, now);
  if (steps.some((step) => step === "sleep" || step === "wake") && !hasSharedState())
    throw new Failure(
      "Terraform's state is local, so a runner cannot see the server: set `state` in config/base.ts to an S3-compatible store, or OLYMPUS_STATE_DIR on a runner that keeps the folder.",
    );
  for (const step of steps) console.log(`${step}=true`);
}

/** A runner begins with an empty folder: with the state in it Terraform would know no server, and make another. */
const hasSharedState = (): boolean =>
  loadFleet().base.state.kind !== "local" || stateDirectory() !== undefined;

interface RequestedRun {
  readonly command: ClockCommand;
  readonly at: Date;
  readonly run: string;
  readonly now: Date;
}

async function reasonToDrop(
  env: NonProductionEnvironment,
  { command, at, run, now }: RequestedRun,
): Promise<string | undefined> {
  const past = expiryOf(env.extras, { command, at });
  if (now >= past) return `it expired at ${past.toISOString()}`;
  const twin = (await clockRuns(env.repository, at)).find(
    (other) =>
      other.id < Number(run) &&
      other.is !== "failed" &&
      other.command === command &&
      other.environment === env.name &&
      other.firing === at.toISOString(),
  );
  return twin && `${twin.url} runs it`;
}

const isCommand = (text: string, extras: Extras): text is ClockCommand =>
  Object.hasOwn(clockCommands(extras), text);

function timeOf(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Failure(`--firing ${text} is not a valid ISO time`);
  return at;
}
