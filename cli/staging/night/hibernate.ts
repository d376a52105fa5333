import { setTimeout as pause } from "node:timers/promises";
import type { NonProductionEnvironment } from "../../../config/load/environment.ts";
import { serverName, volumeName } from "../../../config/load/names.ts";
import { Failure } from "../../../lib/failure.ts";
import type { Progress } from "../../../lib/progress.ts";
import type { ServerFacts } from "../../shared/hetzner.ts";
import type { Statement } from "./billing.ts";
import { PartialDelete } from "./cloud.ts";
import type { HibernationDependencies } from "./dependencies.ts";
import type { HibernationMachine, MachineState } from "./machine.ts";
import { nextWake } from "./schedule.ts";
import { historyEntryOf } from "./server-history.ts";
import {
  decideAtCurrentPrices,
  gatherSleepContext,
  lifetimeOf,
  monthlyStatement,
  type SleepContext,
} from "./sleep-context.ts";
import type { SleepDecision } from "./sleep-decision.ts";

export interface SleepOptions {
  readonly dryRun?: boolean | undefined;
  /** What the server costs a month, EUR net, where neither diary nor price book knows. */
  readonly price?: number | undefined;
  /** How long to wait for a machine that is not well to become so, in milliseconds; default not at all. */
  readonly settle?: number;
}

/** How the evening ended. */
export interface SleepResult {
  /**
   * asleep: the server is gone. kept: the software is stopped, the server stays and costs. awake: nothing was done.
   * planned: nothing was done, for it was a dry run.
   */
  readonly is: "asleep" | "kept" | "awake" | "planned";
  readonly why: string;
  readonly verdict?: SleepDecision;
  readonly server?: ServerFacts;
  readonly release?: string;
  readonly snapshot?: string;
  readonly until?: Date | undefined;
  /** The month so far; absent where the volume with the diary is out of reach. */
  readonly month?: Statement | undefined;
}

/**
 * Takes a rehearsal's server away for the night: backup, clean stop, volume let go, then the server through Terraform.
 * Where it could not be had again in the morning, or not at a price worth it, it is kept and only stopped. Calls it off
 * before the delete on any doubt. Each step finds what an earlier run has done.
 */
export async function hibernateServer(
  env: NonProductionEnvironment,
  options: SleepOptions,
  parts: HibernationDependencies,
  progress: Progress,
): Promise<SleepResult> {
  const { hetzner, machine, cloud } = parts;
  const server = await hetzner.server(serverName(env.name));
  if (!server) {
    // A run that was killed after the delete has left the state behind.
    if (!options.dryRun) await cloud.remove(hetzner.now);
    return {
      is: "asleep",
      why: "there is no server: it sleeps already",
      until: nextWake(env.extras, await hetzner.now()),
    };
  }
  const state = await settledState(machine, options.settle ?? 0);
  const now = await hetzner.now();
  if (state.awakeUntil && state.awakeUntil > now)
    return { is: "awake", why: `it is kept awake until ${state.awakeUntil.toISOString()}`, server };
  requireSoundState(env.name, state);

  const found = await gatherSleepContext(env, server, state, options.price, parts, now);
  const about = {
    ...resultFields(found),
    month: monthlyStatement(found.lives, lifetimeOf(server, found.held), now),
  };
  progress(`${found.verdict.is} the server of ${env.name}: ${found.verdict.why}`);
  if (options.dryRun) return { is: "planned", why: found.verdict.why, ...about };

  const snapshot =
    state.is === "serving" || state.isCutShort ? await stopServices(found, parts, now) : undefined;
  const night = { ...about, ...(snapshot && { snapshot }) };
  const verdict = found.verdict.is === "keep" ? found.verdict : await deleteServer(env, found, parts);
  if (verdict.is === "keep") return { is: "kept", why: verdict.why, ...night, verdict };
  const gone = (await cloud.since()) ?? (await hetzner.now());
  const month = monthlyStatement(found.lives, lifetimeOf(server, found.held, gone), gone);
  return { is: "asleep", why: verdict.why, ...night, verdict, month };
}

/** How the machine is once what runs each minute had its turn: one red round after a start is no reason to stay awake. */
async function settledState(machine: HibernationMachine, within: number): Promise<MachineState> {
  for (const end = Date.now() + within; ; ) {
    const state = await machine.look();
    if (state.is !== "unwell" || state.isCutShort || Date.now() >= end) return state;
    await pause(Math.min(POLL_MS, end - Date.now()));
  }
}

const POLL_MS = 10_000;

/** Asks once more, deletes, and proves that nothing else went. Until the delete has begun, a failure starts the machine again. */
async function deleteServer(
  env: NonProductionEnvironment,
  found: SleepContext,
  parts: HibernationDependencies,
): Promise<SleepDecision> {
  const addresses = await parts.hetzner.addresses().catch(abortAndResume(parts));
  const verdict = await decideAtCurrentPrices(env, found, parts).catch(abortAndResume(parts));
  if (verdict.is === "keep") return verdict;
  await parts.cloud.remove(parts.hetzner.now).catch((error: unknown) => {
    if (error instanceof PartialDelete) throw error;
    return abortAndResume(parts)(error);
  });
  await requireOnlyServerGone(env.name, addresses, parts);
  return verdict;
}

const abortAndResume =
  ({ machine }: HibernationDependencies) =>
  async (error: unknown): Promise<never> => {
    await machine.resume().catch((second: unknown) => {
      throw new Failure(
        `${messageOf(error)}\nCancelled before the delete, but the release did not start again:\n${messageOf(second)}`,
      );
    });
    throw error;
  };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function requireSoundState(name: string, { is, isCutShort, problems }: MachineState): void {
  if (is === "unwell" && !isCutShort)
    throw new Failure(
      [
        `${name} is not healthy, so it is not put to sleep; nothing was changed:`,
        ...problems.map((p) => `  ${p}`),
      ].join("\n"),
    );
  if (is === "blank")
    throw new Failure(
      `The server of ${name} was recreated and no release runs on it: run \`./olympus wake ${name}\` first.`,
    );
}

/** Backup, a word in the diary about a server that it does not know, and the rest. */
async function stopServices(
  { server, lives, held }: SleepContext,
  { machine, diary }: HibernationDependencies,
  at: Date,
): Promise<string> {
  const snapshot = await machine.backup();
  const own = lifetimeOf(server, held);
  if (own && !lives.some((life) => life.server === server.id)) await diary.write(historyEntryOf(own, at));
  await machine.rest();
  return snapshot;
}

/** What must be left once the server is gone. */
async function requireOnlyServerGone(
  name: string,
  before: readonly string[],
  { hetzner }: HibernationDependencies,
): Promise<void> {
  const [server, volume, after] = await Promise.all([
    hetzner.server(serverName(name)),
    hetzner.volume(volumeName(name)),
    hetzner.addresses(),
  ]);
  const wrong = [
    ...(server ? [`server ${server.id} still exists and is billed`] : []),
    ...(volume ? [] : ["the data volume is gone"]),
    ...(volume?.server ? [`the data volume is still attached to ${volume.server}`] : []),
    ...before
      .filter((address) => !after.includes(address))
      .map((address) => `the address ${address} is gone`),
  ];
  if (wrong.length)
    throw new Failure([`After the delete of ${name}:`, ...wrong.map((w) => `  ${w}`)].join("\n"));
}

const resultFields = ({ server, state, verdict, until }: SleepContext): Omit<SleepResult, "is" | "why"> => ({
  server,
  verdict,
  until,
  ...(state.release && { release: state.release }),
});
