import type { NonProductionEnvironment } from "../../../config/load/environment.ts";
import type { ServerFacts } from "../../shared/hetzner.ts";
import { monthUntil, type ServerLifetime, type ServerPrice, type Statement, statement } from "./billing.ts";
import type { HibernationDependencies } from "./dependencies.ts";
import type { MachineState } from "./machine.ts";
import { heldPrice } from "./price.ts";
import { monthlySleepCost, nextWake } from "./schedule.ts";
import { serverLifetimes } from "./server-history.ts";
import { decideSleep, type SleepDecision } from "./sleep-decision.ts";

/** Everything that was looked at before the first change. */
export interface SleepContext {
  readonly server: ServerFacts;
  readonly state: MachineState;
  readonly lives: readonly ServerLifetime[];
  readonly held: ServerPrice | undefined;
  readonly verdict: SleepDecision;
  readonly until: Date | undefined;
}

/** Asks everybody. Changes nothing. `told`: what the server costs a month, by the operator. */
export async function gatherSleepContext(
  env: NonProductionEnvironment,
  server: ServerFacts,
  state: MachineState,
  told: number | undefined,
  parts: HibernationDependencies,
  now: Date,
): Promise<SleepContext> {
  // While it rests, the diary is on a volume that nobody has mounted.
  const lives = state.is === "serving" || state.isCutShort ? serverLifetimes(await parts.diary.read()) : [];
  const today = await parts.hetzner.offer(server.type, env.location);
  const held = heldPrice(server, lives, today, told);
  const partial = { server, state, lives, held, until: nextWake(env.extras, now) };
  return { ...partial, verdict: await decideAtCurrentPrices(env, partial, parts) };
}

/** The question, with Hetzner's answers of this minute. */
export async function decideAtCurrentPrices(
  env: NonProductionEnvironment,
  { held }: Pick<SleepContext, "held">,
  { hetzner }: HibernationDependencies,
): Promise<SleepDecision> {
  const { extras, hostType, location } = env;
  const now = await hetzner.now();
  const types = [hostType, ...(extras.fallbackTypes ?? [])];
  const offers = await Promise.all(
    types.map(async (type) => [type, await hetzner.offer(type, location)] as const),
  );
  return decideSleep({ offers, held, monthOfNights: (price) => monthlySleepCost(extras, now, price) });
}

/** This server's life, up to now or to its deletion; nothing where nobody knows its price. */
export const lifetimeOf = (
  { id, type, created }: ServerFacts,
  price: ServerPrice | undefined,
  deleted?: Date,
): ServerLifetime | undefined => price && { server: id, type, created, price, deleted };

/** The month up to a moment, with this life in place of what was known of it. */
export const monthlyStatement = (
  lives: readonly ServerLifetime[],
  own: ServerLifetime | undefined,
  at: Date,
): Statement | undefined =>
  own && statement([...lives.filter(({ server }) => server !== own.server), own], monthUntil(at));
