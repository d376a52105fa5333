import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { ODD_NAMES } from "../../../../cli/staging/seed/odd-names.ts";
import { everybody, ordinary, type Person, sizes } from "../../../../cli/staging/seed/people.ts";
import { PROFILES } from "../../../../cli/staging/seed/profiles.ts";
import { SCHEMAS, schemaOf } from "../../../../cli/staging/seed/schemas.ts";
import type { SchemaId } from "../../../../config/load/schema.ts";
import { staging } from "../../../support/fleet/staging.ts";

const mix = staging.extras?.seed.mix ?? { default: 100, customer: 0, organizational: 0, admin: 0 };
const spec = { users: 5000, number: 42, mix };
const all = [...everybody(spec)];

const ajv = new Ajv({ strict: false });
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
const schemaFile = (id: SchemaId) =>
  JSON.parse(readFileSync(`host/release/kratos/${SCHEMAS[id].domain}/${id}.schema.json`, "utf8"));
const validators = Object.fromEntries(
  (Object.keys(SCHEMAS) as SchemaId[]).map((id) => [id, ajv.compile(schemaFile(id))]),
);
const faults = ({ schema, traits }: Pick<Person, "schema" | "traits">): unknown =>
  validators[schema]?.({ traits }) ? [] : validators[schema]?.errors;

test.each(Object.keys(SCHEMAS) as SchemaId[])("everybody of %s is as the bundle's schema wants", (id) => {
  const people = all.filter(({ schema }) => schema === id);
  expect(people.length).toBeGreaterThan(100);
  expect(people.flatMap(faults)).toEqual([]);
  const [person] = people;
  if (person) expect(faults({ ...person, traits: { ...person.traits, unknown: 1 } })).not.toEqual([]);
});

test("the table has every identity schema of the bundle, and no other", () => {
  const configured = ["ciam", "iam"].flatMap((domain) => [
    ...readFileSync(`host/release/kratos/${domain}/kratos.yml`, "utf8").matchAll(/- \{ id: (\w+), url/g),
  ]);
  expect(configured.map(([, id]) => id).sort()).toEqual(Object.keys(SCHEMAS).sort());
});

test("no identifier and no address occurs twice", () => {
  for (const of of ["identifier", "email", "username", "phone", "customer_id", "employee_id"]) {
    const values = all.map((person) => (of === "identifier" ? person.identifier : person.traits[of]));
    const given = values.filter((value) => value !== undefined);
    expect(new Set(given).size, of).toBe(given.length);
  }
});

test("nothing can be delivered to anybody", () => {
  for (const { traits } of all) {
    expect(traits.email).toMatch(/^[a-z0-9.-]+@(example\.(com|net|org)|cast\.example)$/);
    if (traits.phone) expect(traits.phone).toMatch(/^\+999\d{9}$/);
  }
});

test("nobody made here administers anything", () => {
  const admins = all.filter(({ schema }) => schema === "admin").map(({ traits }) => traits);
  for (const traits of admins) expect(traits).toMatchObject({ role: "viewer" });
  for (const traits of admins) expect(traits).not.toHaveProperty("roles");
});

test("the same numbers make the same people, in any order and company", () => {
  const backwards = Array.from({ length: 50 }, (_, i) => ordinary(50 - i, 42, mix)).reverse();
  const many = all.filter(({ set }) => set === "people");
  expect(backwards).toEqual(many.slice(0, 50));
  const few = [...everybody({ ...spec, users: 50 })].filter(({ set }) => set === "people");
  expect(few).toEqual(many.slice(0, 50));
  expect(ordinary(7, 43, mix)).not.toEqual(ordinary(7, 42, mix));
});

test("a new Faker makes the same people as before, or a new number is due", () => {
  const digest = createHash("sha256").update(JSON.stringify(all)).digest("hex");
  expect(digest).toMatchInlineSnapshot(`"e5d2a4dca25c9a752e84bf36ebcdd9beeb8b296a16eba9d27ec40bbbf8e63e15"`);
});

test("every hundred hold the mix exactly", () => {
  for (const start of [1, 101, 4901]) {
    const hundred = Array.from({ length: 100 }, (_, i) => schemaOf(start + i, mix));
    for (const [schema, share] of Object.entries(mix))
      expect(hundred.filter((own) => own === schema)).toHaveLength(share);
  }
});

test("special people come on top of the many, and names in many scripts among both", () => {
  expect(Object.values(sizes(spec)).reduce((sum, size) => sum + size)).toBe(all.length);
  for (const { name, count } of PROFILES) expect(all.filter(({ set }) => set === name)).toHaveLength(count);
  const odd = all.filter(({ set }) => set === "odd-name");
  expect(odd.flatMap(faults)).toEqual([]);
  expect(odd.map(({ traits }) => [traits.first_name, traits.last_name])).toEqual(ODD_NAMES);
  const many = all.filter(({ set }) => set === "people").map(({ traits }) => String(traits.first_name));
  for (const script of ["Latin", "Greek", "Cyrillic", "Arabic", "Hebrew", "Han", "Hangul"])
    expect(
      many.some((name) => new RegExp(`\\p{Script=${script}}`, "u").test(name)),
      script,
    ).toBe(true);
});

test("the seed document's people are its own, and able to log in", () => {
  const people = [...everybody({ ...spec, users: 100, document: true })];
  expect(people.map(({ traits }) => traits.email)).toEqual(
    Array.from({ length: 100 }, (_, i) => `staging-user-${i + 1}@example.com`),
  );
  expect(people.every(({ verified, active, schema }) => verified && active && schema === "default")).toBe(
    true,
  );
});
