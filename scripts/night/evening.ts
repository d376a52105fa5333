import type { ServerFacts } from "../lib/hetzner.ts";
import type { Rehearsal } from "../lib/rehearsal.ts";
import { type Life, monthUntil, type Price, type Statement, statement } from "./bill.ts";
import { livesOf } from "./diary.ts";
import type { MachineState } from "./machine.ts";
import type { Parts } from "./parts.ts";
import { heldPrice } from "./price.ts";
import { judgeEvening, type Verdict } from "./question.ts";
import { monthOfNights, nextWake } from "./schedule.ts";

/** Everything that was looked at before the first change. */
export interface Evening {
  readonly server: ServerFacts;
  readonly state: MachineState;
  readonly lives: readonly Life[];
  readonly held: Price | undefined;
  readonly verdict: Verdict;
  readonly until: Date | undefined;
}

/** Asks everybody. Changes nothing. `told`: what the server costs a month, by the operator. */
export async function evening(
  env: Rehearsal,
  server: ServerFacts,
  state: MachineState,
  told: number | undefined,
  parts: Parts,
  now: Date,
): Promise<Evening> {
  // While it rests, the diary is on a volume that nobody has mounted.
  const lives = state.is === "serving" || state.isCutShort ? livesOf(await parts.diary.read()) : [];
  const today = await parts.hetzner.offer(server.type, env.location);
  const held = heldPrice(server, lives, today, told);
  const partial = { server, state, lives, held, until: nextWake(env.extras, now) };
  return { ...partial, verdict: await ask(env, partial, parts) };
}

/** The question, with Hetzner's answers of this minute. */
export async function ask(
  env: Rehearsal,
  { held }: Pick<Evening, "held">,
  { hetzner }: Parts,
): Promise<Verdict> {
  const { extras, hostType, location } = env;
  const now = await hetzner.now();
  const types = [hostType, ...(extras.fallbackTypes ?? [])];
  const offers = await Promise.all(
    types.map(async (type) => [type, await hetzner.offer(type, location)] as const),
  );
  return judgeEvening({ offers, held, monthOfNights: (price) => monthOfNights(extras, now, price) });
}

/** This server's life, up to now or to its deletion; nothing where nobody knows its price. */
export const lifeOf = (
  { id, type, created }: ServerFacts,
  price: Price | undefined,
  deleted?: Date,
): Life | undefined => price && { server: id, type, created, price, deleted };

/** The month up to a moment, with this life in place of what was known of it. */
export const monthWith = (lives: readonly Life[], own: Life | undefined, at: Date): Statement | undefined =>
  own && statement([...lives.filter(({ server }) => server !== own.server), own], monthUntil(at));
