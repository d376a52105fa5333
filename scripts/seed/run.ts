import { setTimeout as sleep } from "node:timers/promises";
import bcrypt from "bcryptjs";
import type { Ground } from "../lib/ground.ts";
import { ProgressBar } from "../lib/progress-bar.ts";
import { ensureClients } from "./clients.ts";
import { consenting, giveConsents } from "./consents.ts";
import { followUp } from "./follow-ups.ts";
import { Kratos } from "./kratos.ts";
import type { SeedOptions } from "./options.ts";
import { type Cast, everybody, type Person, sizes } from "./people.ts";
import { totalOf } from "./plan.ts";
import { Roster } from "./roster.ts";
import { type Refusal, send, type Tally } from "./send.ts";

/** As the bundle's Kratos hashes: with another cost it would hash anew at the first login. */
const BCRYPT_COST = 12;
/** How long Kratos may be away. */
const PATIENCE_MS = 5 * 60_000;
const TRIES = 5;

const kratosOf = ({ ciam, iam }: Ground) => ({
  ciam: new Kratos(ciam.kratos.admin),
  iam: new Kratos(iam.kratos.admin),
});

/** Who of a cast is there already, in both domains. */
export async function look(ground: Ground, cast: Cast): Promise<Roster> {
  const roster = new Roster(sizes(cast), cast.number);
  for (const kratos of Object.values(kratosOf(ground)))
    for await (const page of kratos.identities()) for (const identity of page) roster.add(identity);
  return roster;
}

export interface Creation extends Tally {
  readonly seconds: number;
}

/** Creates whoever is missing. The password is hashed once, and all share the hash: hashing is what takes the time. */
export async function create(
  ground: Ground,
  cast: Cast,
  roster: Roster,
  { batch, inFlight }: Pick<SeedOptions, "batch" | "inFlight">,
  password: string,
): Promise<Creation> {
  const missing = totalOf(cast) - roster.present;
  if (missing === 0) return { created: 0, found: 0, failed: [], repeated: 0, seconds: 0 };
  const hash = await bcrypt.hash(password, BCRYPT_COST);
  const bar = new ProgressBar("people", missing);
  const began = performance.now();
  const tally = await send(absent(cast, roster), {
    ...{ kratos: kratosOf(ground), seed: cast.number, hash, batch, inFlight, patienceMs: PATIENCE_MS },
    onProgress: (done, waitingFor) => bar.show(done, waitingFor),
  });
  bar.end(missing);
  return { ...tally, seconds: (performance.now() - began) / 1000 };
}

function* absent(cast: Cast, roster: Roster): Generator<Person> {
  for (const person of everybody(cast)) if (!roster.has(person)) yield person;
}

/** What is done beyond creating people, and what could not be. */
export interface Completion {
  readonly clients: number;
  readonly consents: number;
  /** Cannot be yet, and why. */
  readonly pending: Refusal[];
  readonly failed: Refusal[];
}

/** Does what needs a flow of its own: second factors, lockouts, recoveries, clients and consents. */
export async function complete(ground: Ground, cast: Cast, password: string): Promise<Completion> {
  const { users, number, mix } = cast;
  const [pending, failed]: [Refusal[], Refusal[]] = [[], []];
  const clients = await patiently(() => ensureClients(ground.ciam.hydra.admin));
  for (const person of everybody({ ...cast, users: 0 })) {
    if (!person.todo) continue;
    await patiently(() => followUp(person, ground, password)).then(
      (outcome) => outcome === true || pending.push({ who: person.identifier, reason: outcome }),
      (error: Error) => failed.push({ who: person.identifier, reason: error.message }),
    );
  }
  let consents = 0;
  for (const person of consenting(users, number, mix)) {
    await patiently(() => giveConsents(person, ground)).then(
      (given) => {
        consents += given;
      },
      (error: Error) => failed.push({ who: person.identifier, reason: error.message }),
    );
  }
  return { clients, consents, pending, failed };
}

/** Again when it failed: Kratos or Hydra may be restarting. Each piece of work can be repeated. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES) throw error;
      await sleep(500 * 2 ** tries);
    }
  }
}
