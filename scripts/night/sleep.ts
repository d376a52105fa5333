import { setTimeout as pause } from "node:timers/promises";
import type { Progress } from "../../sandbox/host/progress.ts";
import { Failure } from "../lib/failure.ts";
import type { ServerFacts } from "../lib/hetzner.ts";
import type { Rehearsal } from "../lib/rehearsal.ts";
import type { Statement } from "./bill.ts";
import { HalfDone } from "./cloud.ts";
import { entryOf } from "./diary.ts";
import { ask, type Evening, evening, lifeOf, monthWith } from "./evening.ts";
import type { MachineState, NightMachine } from "./machine.ts";
import { type Parts, serverName, volumeName } from "./parts.ts";
import type { Verdict } from "./question.ts";
import { nextWake } from "./schedule.ts";

export interface SleepOptions {
  readonly dryRun?: boolean | undefined;
  /** What the server costs a month, EUR net, where neither diary nor price book knows. */
  readonly price?: number | undefined;
  /** How long to wait for a machine that is not well to become so, in milliseconds; default not at all. */
  readonly settle?: number;
}

/** How the evening ended. */
export interface Night {
  /**
   * asleep: the server is gone. kept: the software is stopped, the server stays and costs. awake: nothing was done.
   * planned: nothing was done, for it was a dry run.
   */
  readonly is: "asleep" | "kept" | "awake" | "planned";
  readonly why: string;
  readonly verdict?: Verdict;
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
export async function goToSleep(
  env: Rehearsal,
  options: SleepOptions,
  parts: Parts,
  progress: Progress,
): Promise<Night> {
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
  const state = await settled(machine, options.settle ?? 0);
  const now = await hetzner.now();
  if (state.awakeUntil && state.awakeUntil > now)
    return { is: "awake", why: `somebody wants it awake until ${state.awakeUntil.toISOString()}`, server };
  refuseDoubt(env.name, state);

  const found = await evening(env, server, state, options.price, parts, now);
  const about = { ...aboutOf(found), month: monthWith(found.lives, lifeOf(server, found.held), now) };
  progress(`${found.verdict.is} the server of ${env.name}: ${found.verdict.why}`);
  if (options.dryRun) return { is: "planned", why: found.verdict.why, ...about };

  const snapshot = state.is === "serving" || state.isCutShort ? await stop(found, parts, now) : undefined;
  const night = { ...about, ...(snapshot && { snapshot }) };
  const verdict = found.verdict.is === "keep" ? found.verdict : await giveUp(env, found, parts);
  if (verdict.is === "keep") return { is: "kept", why: verdict.why, ...night, verdict };
  const gone = (await cloud.since()) ?? (await hetzner.now());
  const month = monthWith(found.lives, lifeOf(server, found.held, gone), gone);
  return { is: "asleep", why: verdict.why, ...night, verdict, month };
}

/** How the machine is once what runs each minute had its turn: one red round after a start is no reason to stay awake. */
async function settled(machine: NightMachine, within: number): Promise<MachineState> {
  for (const end = Date.now() + within; ; ) {
    const state = await machine.look();
    if (state.is !== "unwell" || state.isCutShort || Date.now() >= end) return state;
    await pause(Math.min(POLL_MS, end - Date.now()));
  }
}

const POLL_MS = 10_000;

/** Asks once more, deletes, and proves that nothing else went. Until the delete has begun, a failure starts the machine again. */
async function giveUp(env: Rehearsal, found: Evening, parts: Parts): Promise<Verdict> {
  const addresses = await parts.hetzner.addresses().catch(calledOff(parts));
  const verdict = await ask(env, found, parts).catch(calledOff(parts));
  if (verdict.is === "keep") return verdict;
  await parts.cloud.remove(parts.hetzner.now).catch((error: unknown) => {
    if (error instanceof HalfDone) throw error;
    return calledOff(parts)(error);
  });
  await requireRest(env.name, addresses, parts);
  return verdict;
}

const calledOff =
  ({ machine }: Parts) =>
  async (error: unknown): Promise<never> => {
    await machine.resume().catch((second: unknown) => {
      throw new Failure(
        `${wordsOf(error)}\nCalled off before the delete, but what served did not come back:\n${wordsOf(second)}`,
      );
    });
    throw error;
  };

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function refuseDoubt(name: string, { is, isCutShort, problems }: MachineState): void {
  if (is === "unwell" && !isCutShort)
    throw new Failure(
      [
        `${name} is not well, so it is not put to sleep; nothing was changed:`,
        ...problems.map((p) => `  ${p}`),
      ].join("\n"),
    );
  if (is === "blank")
    throw new Failure(
      `The server of ${name} was made anew and nothing serves on it: run \`npx olympus wake ${name}\` first.`,
    );
}

/** Backup, a word in the diary about a server that it does not know, and the rest. */
async function stop({ server, lives, held }: Evening, { machine, diary }: Parts, at: Date): Promise<string> {
  const snapshot = await machine.backup();
  const own = lifeOf(server, held);
  if (own && !lives.some((life) => life.server === server.id)) await diary.write(entryOf(own, at));
  await machine.rest();
  return snapshot;
}

/** What must be left once the server is gone. */
async function requireRest(name: string, before: readonly string[], { hetzner }: Parts): Promise<void> {
  const [server, volume, after] = await Promise.all([
    hetzner.server(serverName(name)),
    hetzner.volume(volumeName(name)),
    hetzner.addresses(),
  ]);
  const wrong = [
    ...(server ? [`server ${server.id} is still there and costs`] : []),
    ...(volume ? [] : ["the data volume is gone"]),
    ...(volume?.server ? [`the data volume is still attached to ${volume.server}`] : []),
    ...before
      .filter((address) => !after.includes(address))
      .map((address) => `the address ${address} is gone`),
  ];
  if (wrong.length)
    throw new Failure([`After the delete of ${name}:`, ...wrong.map((w) => `  ${w}`)].join("\n"));
}

const aboutOf = ({ server, state, verdict, until }: Evening): Omit<Night, "is" | "why"> => ({
  server,
  verdict,
  until,
  ...(state.release && { release: state.release }),
});
