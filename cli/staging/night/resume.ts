import { setTimeout as sleep } from "node:timers/promises";
import type { NonProductionEnvironment } from "../../../config/load/environment.ts";
import { serverName, volumeName } from "../../../config/load/names.ts";
import { Failure } from "../../../lib/failure.ts";
import { type Progress, step } from "../../../lib/progress.ts";
import type { Offer, ServerFacts } from "../../shared/hetzner.ts";
import { isNameTaken } from "../../shared/name-taken.ts";
import type { ServerLifetime, Statement } from "./billing.ts";
import type { ExistingServer } from "./cloud.ts";
import type { HibernationDependencies } from "./dependencies.ts";
import type { MachineState, ResumeReport } from "./machine.ts";
import { heldPrice } from "./price.ts";
import { historyEntryOf, serverLifetimes } from "./server-history.ts";
import { lifetimeOf, monthlyStatement } from "./sleep-context.ts";

export interface WakeOptions {
  /** How long to ask again for a machine that cannot be had, and how often, in milliseconds. */
  readonly patience: number;
  readonly every: number;
}

/** A morning. */
export interface WakeResult {
  /** new: on a server made anew. resumed: on the server that was kept. already: it served. */
  readonly is: "new" | "resumed" | "already";
  readonly server: ServerFacts;
  readonly awake?: ResumeReport;
  /** Absent where nobody knows the price. */
  readonly month: Statement | undefined;
  /** Milliseconds from the first step to health. */
  readonly took: number;
}

/** A server this young may not have its volume yet, and with it the key it is known by; a killed run left it so. */
const YOUNG_MS = 15 * 60_000;

/**
 * Brings a rehearsal back: orders the server where there is none (its own type first, then the fallbacks, again and again
 * while Hetzner has none), starts what served before the rest, and holds the data against the record of the rest.
 */
export async function resumeServer(
  env: NonProductionEnvironment,
  options: WakeOptions,
  parts: HibernationDependencies,
  progress: Progress,
): Promise<WakeResult> {
  const { hetzner } = parts;
  const begin = Date.now();
  const look = async (): Promise<(ExistingServer & { facts: ServerFacts }) | undefined> => {
    const facts = await hetzner.server(serverName(env.name));
    const volume = facts && (await hetzner.volume(volumeName(env.name)));
    return facts && { facts, server: facts.id, volume: volume?.server === facts.id ? volume.id : undefined };
  };
  const existing = await look();
  const before = existing?.facts;
  const since = await parts.cloud.since();
  const declared = [env.hostType, ...(env.extras.fallbackTypes ?? [])];
  const types = before ? [...new Set([before.type, ...declared])] : declared;
  await order(env.name, types, { existing, look }, options, parts, progress);
  const server = await hetzner.server(serverName(env.name));
  if (!server)
    throw new Failure(`Terraform created the server of ${env.name}, but Hetzner does not list it.`);

  const { is, awake } = await serve(env.name, server, server.id !== before?.id, parts);
  const took = Date.now() - begin;
  return { is, server, ...(awake && { awake }), took, month: await recordHistory(env, server, since, parts) };
}

interface Found {
  readonly existing: ExistingServer | undefined;
  readonly look: () => Promise<ExistingServer | undefined>;
}

async function order(
  name: string,
  types: readonly string[],
  { existing, look }: Found,
  { patience, every }: WakeOptions,
  { cloud }: HibernationDependencies,
  progress: Progress,
): Promise<void> {
  let stray = existing;
  for (const end = Date.now() + patience; ; ) {
    for (const type of types) {
      const outcome = await step(progress, `server ${type} of ${name}`, () =>
        cloud.order(type, stray).catch(async (error: unknown) => {
          const late = isNameTaken(error) ? await look() : undefined;
          if (!late) throw error;
          return await cloud.order(type, late);
        }),
      );
      if (outcome === "ordered") return;
      // A want of capacity after its delete leaves none to replace.
      stray = undefined;
      progress(`Hetzner has no ${type} now`);
    }
    const left = end - Date.now();
    if (left <= 0) break;
    progress(`retrying in ${Math.ceil(Math.min(every, left) / 1000)} s`);
    await sleep(Math.min(every, left));
  }
  throw new Failure(
    `${name} still sleeps: Hetzner has no ${types.join(", ")} there now (resource_unavailable). Its data is safe on the volume. Run \`./olympus wake ${name}\` again later, or add a type to extras.fallbackTypes.`,
  );
}

async function serve(
  name: string,
  server: ServerFacts,
  isNew: boolean,
  { machine, hetzner }: HibernationDependencies,
): Promise<{ is: WakeResult["is"]; awake?: ResumeReport }> {
  if (isNew) return { is: "new", awake: await machine.rise() };
  const { is, isCutShort, problems } = await machine
    .look()
    .catch(async (error: unknown): Promise<MachineState> => {
      const age = (await hetzner.now()).getTime() - server.created.getTime();
      if (age < YOUNG_MS) return { is: "blank", problems: [] };
      throw error;
    });
  if (is === "blank") return { is: "new", awake: await machine.rise() };
  if (is === "resting" || isCutShort) return { is: "resumed", awake: await machine.resume() };
  if (is === "serving") return { is: "already" };
  throw new Failure(
    [
      `The server of ${name} exists and is not healthy; docs/runbooks/night.md:`,
      ...problems.map((p) => `  ${p}`),
    ].join("\n"),
  );
}

/** Notes when the last server went and what this one was ordered at, and returns the month so far. */
async function recordHistory(
  env: NonProductionEnvironment,
  server: ServerFacts,
  since: Date | undefined,
  { diary, hetzner }: HibernationDependencies,
): Promise<Statement | undefined> {
  const at = await hetzner.now();
  const lives = serverLifetimes(await diary.read());
  const news: ServerLifetime[] = lives
    .filter((life) => life.server !== server.id && !life.deleted)
    .map((life) => ({ ...life, deleted: since ?? at }));
  const today = await hetzner.offer(server.type, env.location);
  const price = priceOfOrder(server, at, today) ?? heldPrice(server, lives, today);
  const own = lives.find((life) => life.server === server.id) ?? lifetimeOf(server, price);
  if (own && !lives.includes(own)) news.push(own);
  for (const life of news) await diary.write(historyEntryOf(life, at));
  return monthlyStatement(serverLifetimes(await diary.read()), own, at);
}

/** What is offered within minutes of an order is what it was ordered at. */
const priceOfOrder = ({ created }: ServerFacts, at: Date, today: Offer | undefined) =>
  today && at.getTime() - created.getTime() < YOUNG_MS
    ? { hourly: today.hourly, monthly: today.monthly }
    : undefined;
