import pMap from "p-map";
import { Backoff } from "./backoff.ts";
import type { Kratos, RetryLater, SyntheticTag } from "./kratos.ts";
import type { Person } from "./people.ts";
import { type DomainName, SCHEMAS } from "./schemas.ts";

export interface SendOptions {
  readonly kratos: Readonly<Record<DomainName, Kratos>>;
  readonly seed: number;
  /** Of the password that all share. */
  readonly hash: string;
  /** People a request; at most 200. */
  readonly batch: number;
  /** Requests under way at once. */
  readonly inFlight: number;
  /** Called after each answer; `waitingFor` says why nothing moves. */
  readonly onProgress: (done: number, waitingFor?: string) => void;
  /** How long nothing may succeed, in ms. */
  readonly patienceMs: number;
}

export interface PersonIssue {
  readonly who: string;
  readonly reason: string;
}

export interface Tally {
  created: number;
  /** Were there after all: a request that was lost had been done. */
  found: number;
  readonly failed: PersonIssue[];
  /** Requests that were sent again. */
  repeated: number;
}

interface Batch {
  readonly domain: DomainName;
  readonly people: readonly Person[];
}

const TRIES = 3;

/**
 * Creates people, several requests at a time. A request that Kratos does not take now (429, 503) or that is lost pauses
 * all of them and is sent again; one with somebody Kratos does not understand is halved until that one is found; of the
 * people refused in an answer only those are sent again. Throws a {@link Failure} when nothing succeeds for too long.
 */
export async function sendPeople(people: Iterable<Person>, sending: SendOptions): Promise<Tally> {
  const tally: Tally = { created: 0, found: 0, failed: [], repeated: 0 };
  const done = () => tally.created + tally.found + tally.failed.length;
  const gate = new Backoff(sending.patienceMs, (why) => {
    tally.repeated++;
    sending.onProgress(done(), why);
  });

  const deliver = async ({ domain, people }: Batch, tries = 1): Promise<void> => {
    const answer = await gate.pass(() => sending.kratos[domain].create(people, sending.seed, sending.hash));
    if (answer.kind === "malformed" && people.length > 1) {
      for (const half of halves(people)) await deliver({ domain, people: half }, tries);
      return;
    }
    const fates = answer.kind === "malformed" ? [answer.fate] : answer.fates;
    const again: Person[] = [];
    for (const [i, fate] of fates.entries()) {
      const person = people[i];
      if (!person) continue;
      if (fate.kind === "created") tally.created++;
      else if (fate.status === 409) await settle(person, tally, sending, gate);
      else if (tries < TRIES && answer.kind === "answered") again.push(person);
      else fail(tally, person, `${fate.status} ${fate.reason}`);
    }
    if (again.length) await deliver({ domain, people: again }, tries + 1);
    sending.onProgress(done());
  };
  // Batches are made when a request is free to carry them: a million people are never in memory.
  await pMap(batches(people, sending.batch), (batch) => deliver(batch), { concurrency: sending.inFlight });
  return tally;
}

/** Requests of one domain each, filled as far as possible; at most one unfinished for each domain is held. */
function* batches(people: Iterable<Person>, size: number): Generator<Batch> {
  const open = new Map<DomainName, Person[]>();
  for (const person of people) {
    const { domain } = SCHEMAS[person.schema];
    const own = open.get(domain) ?? [];
    own.push(person);
    open.set(domain, own);
    if (own.length < size) continue;
    open.delete(domain);
    yield { domain, people: own };
  }
  for (const [domain, rest] of open) yield { domain, people: rest };
}

const halves = (people: readonly Person[]): (readonly Person[])[] => {
  const middle = people.length >> 1;
  return [people.slice(0, middle), people.slice(middle)];
};

interface Holder {
  readonly kind: "holder";
  readonly mark: SyntheticTag | undefined;
}

/** Somebody holds one of the person's identifiers: the person, or somebody else. */
async function settle(
  person: Person,
  tally: Tally,
  { kratos, seed }: SendOptions,
  gate: Backoff,
): Promise<void> {
  const { domain } = SCHEMAS[person.schema];
  const look = (): Promise<Holder | RetryLater> =>
    kratos[domain].find(person.identifier).then(
      (identity) => ({ kind: "holder", mark: identity?.mark }),
      (error: Error) => ({ kind: "later", why: error.message }),
    );
  const { mark } = await gate.pass(look);
  if (mark?.seed === seed && mark.set === person.set && mark.index === person.index) tally.found++;
  else fail(tally, person, "409 an address or identifier of this person is already taken");
}

const fail = (tally: Tally, person: Person, reason: string): void => {
  tally.failed.push({ who: person.identifier, reason });
};
