import { setTimeout as sleep } from "node:timers/promises";
import bcrypt from "bcryptjs";
import { ProgressBar } from "../../../lib/progress-bar.ts";
import type { AdminApis } from "../../shared/admin-apis.ts";
import { ensureClients } from "./clients.ts";
import { consenting, grantConsents } from "./consents.ts";
import { ExistingIdentities } from "./existing-identities.ts";
import { followUp } from "./follow-ups.ts";
import { Kratos } from "./kratos.ts";
import type { SeedOptions } from "./options.ts";
import { everybody, type Person, type SeedSpec, sizes } from "./people.ts";
import { totalPeople } from "./plan.ts";
import { type PersonIssue, sendPeople, type Tally } from "./send.ts";

/** As the bundle's Kratos hashes: with another cost it would hash anew at the first login. */
const BCRYPT_COST = 12;
/** How long Kratos may be away. */
const PATIENCE_MS = 5 * 60_000;
const TRIES = 5;

const kratosOf = ({ ciam, iam }: AdminApis) => ({
  ciam: new Kratos(ciam.kratos.admin),
  iam: new Kratos(iam.kratos.admin),
});

/** Who of a cast is there already, in both domains. */
export async function findExistingIdentities(ground: AdminApis, cast: SeedSpec): Promise<ExistingIdentities> {
  const roster = new ExistingIdentities(sizes(cast), cast.number);
  for (const kratos of Object.values(kratosOf(ground)))
    for await (const page of kratos.identities()) for (const identity of page) roster.add(identity);
  return roster;
}

export interface Creation extends Tally {
  readonly seconds: number;
}

/** Creates whoever is missing. The password is hashed once, and all share the hash: hashing is what takes the time. */
export async function createMissingPeople(
  ground: AdminApis,
  cast: SeedSpec,
  roster: ExistingIdentities,
  { batch, inFlight }: Pick<SeedOptions, "batch" | "inFlight">,
  password: string,
): Promise<Creation> {
  const missing = totalPeople(cast) - roster.present;
  if (missing === 0) return { created: 0, found: 0, failed: [], repeated: 0, seconds: 0 };
  const hash = await bcrypt.hash(password, BCRYPT_COST);
  const bar = new ProgressBar("people", missing);
  const began = performance.now();
  const tally = await sendPeople(missingPeople(cast, roster), {
    kratos: kratosOf(ground),
    seed: cast.number,
    hash,
    batch,
    inFlight,
    patienceMs: PATIENCE_MS,
    onProgress: (done, waitingFor) => bar.show(done, waitingFor),
  });
  bar.end(missing);
  return { ...tally, seconds: (performance.now() - began) / 1000 };
}

function* missingPeople(cast: SeedSpec, roster: ExistingIdentities): Generator<Person> {
  for (const person of everybody(cast)) if (!roster.has(person)) yield person;
}

/** What is done beyond creating people, and what could not be. */
export interface Completion {
  readonly clients: number;
  readonly consents: number;
  /** Cannot be yet, and why. */
  readonly pending: PersonIssue[];
  readonly failed: PersonIssue[];
}

/** Does what needs a flow of its own: second factors, lockouts, recoveries, clients and consents. */
export async function completeSpecialPeople(
  ground: AdminApis,
  cast: SeedSpec,
  password: string,
): Promise<Completion> {
  const { users, number, mix } = cast;
  const [pending, failed]: [PersonIssue[], PersonIssue[]] = [[], []];
  const clients = await withRetries(() => ensureClients(ground.ciam.hydra.admin));
  for (const person of everybody({ ...cast, users: 0 })) {
    if (!person.todo) continue;
    await withRetries(() => followUp(person, ground, password)).then(
      (outcome) => outcome === true || pending.push({ who: person.identifier, reason: outcome }),
      (error: Error) => failed.push({ who: person.identifier, reason: error.message }),
    );
  }
  let consents = 0;
  for (const person of consenting(users, number, mix)) {
    await withRetries(() => grantConsents(person, ground)).then(
      (given) => {
        consents += given;
      },
      (error: Error) => failed.push({ who: person.identifier, reason: error.message }),
    );
  }
  return { clients, consents, pending, failed };
}

/** Again when it failed: Kratos or Hydra may be restarting. Each piece of work can be repeated. */
async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES) throw error;
      await sleep(500 * 2 ** tries);
    }
  }
}
