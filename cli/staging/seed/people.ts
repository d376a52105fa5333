import type { SchemaId, SeedMix } from "../../../config/load/schema.ts";
import { fakerOf } from "./locales.ts";
import { PROFILES, type Profile, type Todo } from "./profiles.ts";
import { type DomainName, SCHEMAS, schemaOf, type Traits } from "./schemas.ts";

/** A synthetic person, before Kratos knows about them. */
export interface Person {
  /** `people`, `document` or the name of a profile; with the index it names the person. */
  readonly set: string;
  /** From 1, within the set. */
  readonly index: number;
  readonly schema: SchemaId;
  /** What the person logs in with. */
  readonly identifier: string;
  readonly traits: Traits;
  readonly verified: boolean;
  readonly active: boolean;
  readonly todo?: Todo | undefined;
}

/** Whom to make. The same values make the same people, in whatever order or company. */
export interface SeedSpec {
  readonly users: number;
  /** Of Faker. */
  readonly number: number;
  readonly mix: SeedMix;
  /** The seed document's own hundred instead: `staging-user-N@example.com` and nothing else. */
  readonly document?: boolean;
}

/** The set of the many. */
export const PEOPLE = "people";
/** The set of the seed document's people, who are the same whatever the number. */
export const DOCUMENT = "document";
/** Reserved for documentation and examples (RFC 2606): nothing sent there reaches anybody. */
const DOMAINS = ["example.com", "example.net", "example.org"];
const PROFILE_DOMAIN = "cast.example";

/** Everybody, one at a time: a million need no more memory than one. */
export function* everybody({ users, number, mix, document }: SeedSpec): Generator<Person> {
  if (document) for (let index = 1; index <= users; index++) yield documentPerson(index);
  else {
    for (const profile of PROFILES)
      for (let n = 1; n <= profile.count; n++) yield special(profile, n, number);
    for (let index = 1; index <= users; index++) yield ordinary(index, number, mix);
  }
}

/** How many {@link everybody} makes, by set. */
export const sizes = ({ users, document }: SeedSpec): Readonly<Record<string, number>> =>
  document
    ? { [DOCUMENT]: users }
    : { ...Object.fromEntries(PROFILES.map(({ name, count }) => [name, count])), [PEOPLE]: users };

/** How many {@link everybody} makes, by domain. */
export function domainSizes({ users, mix, document }: SeedSpec): Readonly<Record<DomainName, number>> {
  if (document) return { ciam: users, iam: 0 };
  const found = { ciam: PROFILES.reduce((sum, { count }) => sum + count, 0), iam: 0 };
  for (let index = 1; index <= users; index++) found[SCHEMAS[schemaOf(index, mix)].domain]++;
  return found;
}

/** One of the many: verified, active, able to log in. */
export function ordinary(index: number, number: number, mix: SeedMix): Person {
  const faker = fakerOf(number, index);
  const schema = schemaOf(index, mix);
  const [first, last] = [faker.person.firstName(), faker.person.lastName()];
  const name = asciiOf(`${first}.${last}`);
  const email = `${name || "person"}.${index}@${DOMAINS[index % DOMAINS.length]}`;
  const traits = SCHEMAS[schema].traits({ index, email, first, last }, faker);
  return able(PEOPLE, index, schema, traits);
}

function special(profile: Profile, n: number, number: number): Person {
  const faker = fakerOf(number, n, 1 + PROFILES.indexOf(profile));
  const [first, last] = profile.named?.(n) ?? [faker.person.firstName(), faker.person.lastName()];
  const traits = {
    email: `${profile.name}.${n}@${PROFILE_DOMAIN}`,
    first_name: first,
    ...(last !== undefined && { last_name: last }),
  };
  return {
    ...able(profile.name, n, "default", traits),
    verified: profile.verified ?? true,
    active: profile.active ?? true,
    todo: profile.todo,
  };
}

const documentPerson = (index: number): Person =>
  able(DOCUMENT, index, "default", { email: `staging-user-${index}@example.com` });

const able = (set: string, index: number, schema: SchemaId, traits: Traits): Person => ({
  set,
  index,
  schema,
  traits,
  identifier: SCHEMAS[schema].identifier(traits),
  verified: true,
  active: true,
});

/** Lower-case letters, digits and dots of a name; other scripts leave nothing. */
const asciiOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9.]/g, "")
    .replace(/^\.+|\.+$/g, "")
    .replace(/\.{2,}/g, ".")
    .slice(0, 48);
