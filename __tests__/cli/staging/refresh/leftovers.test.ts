import { describe, expect, test } from "vitest";
import { type Expectation, expectationOf } from "../../../../cli/staging/refresh/expectation.ts";
import { leftovers } from "../../../../cli/staging/refresh/leftovers.ts";
import type { Remains } from "../../../../cli/staging/refresh/machine.ts";
import { fixtureFleet } from "../../../support/fleet/fleet.ts";

const expected: Expectation = {
  databases: {
    ciam_kratos: { "public.identities": 3, "public.networks": "own", "public.sessions": "logins" },
    postgres: {},
  },
  roles: ["postgres"],
  clients: { ciam_hydra: ["site"] },
  residents: { ciam_kratos: ["admin@example.com"] },
};
const clean: Remains = {
  since: "2026-11-25T10:00:00Z",
  databases: {
    ciam_kratos: {
      "public.identities": { rows: 3, older: 0 },
      "public.networks": { rows: 1, older: 0 },
      "public.sessions": { rows: 9, older: 0 },
      "public.courier_messages": { rows: 0, older: 0 },
    },
    postgres: {},
  },
  messages: { rows: 0, oldest: null },
  roles: ["postgres"],
  clients: { ciam_hydra: ["site"] },
  strangers: { ciam_kratos: ["admin@example.com"] },
};
const tables = (changes: Record<string, { rows: number; older: number }>): Remains => ({
  ...clean,
  databases: { ...clean.databases, ciam_kratos: { ...clean.databases.ciam_kratos, ...changes } },
});

test("what refresh and seed leave is nothing to speak of", () => {
  expect(leftovers(clean, expected)).toEqual([]);
});

describe("what else there is has a name", () => {
  test.each<[string, Remains, string]>([
    [
      "a person more",
      tables({ "public.identities": { rows: 4, older: 0 } }),
      "ciam_kratos public.identities: 4 rows instead of 3",
    ],
    [
      "a person less",
      tables({ "public.identities": { rows: 2, older: 0 } }),
      "ciam_kratos public.identities: 2 rows instead of 3",
    ],
    [
      "a mail in the courier",
      tables({ "public.courier_messages": { rows: 1, older: 0 } }),
      "ciam_kratos public.courier_messages: 1 rows instead of 0",
    ],
    [
      "a table of somebody's",
      tables({ "public.notes": { rows: 1, older: 0 } }),
      "ciam_kratos public.notes: 1 rows instead of 0",
    ],
    [
      "an old session",
      tables({ "public.sessions": { rows: 9, older: 2 } }),
      "ciam_kratos public.sessions: 2 of 9 rows are older than the refresh",
    ],
    [
      "a database",
      { ...clean, databases: { ...clean.databases, restore_ciam_kratos: {} } },
      "database restore_ciam_kratos: Olympus does not use it",
    ],
    ["a database less", { ...clean, databases: { postgres: {} } }, "database ciam_kratos: is missing"],
    ["a role", { ...clean, roles: ["postgres", "tester"] }, "role tester: Olympus did not make it"],
    [
      "a client",
      { ...clean, clients: { ciam_hydra: ["site", "mine"] } },
      "ciam_hydra OAuth2 client mine: Olympus did not make it",
    ],
    ["no client", { ...clean, clients: { ciam_hydra: [] } }, "ciam_hydra OAuth2 client site: is missing"],
    [
      "somebody by hand",
      { ...clean, strangers: { ciam_kratos: ["admin@example.com", "me@example.com"] } },
      "ciam_kratos identity me@example.com: Olympus did not make it",
    ],
    [
      "an old mail",
      { ...clean, messages: { rows: 2, oldest: "2026-11-25T09:59:59.9Z" } },
      "Mailpit: of 2 messages the oldest is of 2026-11-25T09:59:59.9Z, before the refresh",
    ],
  ])("%s", (_, remains, words) => expect(leftovers(remains, expected)).toEqual([words]));
});

test("a mail that came since, such as an alarm's, is none of the past", () => {
  const messages = { rows: 1, oldest: "2026-11-25T10:00:01Z" };
  expect(leftovers({ ...clean, messages }, expected)).toEqual([]);
});

test("a table that Hera has not made yet is missed only when somebody should be in it", () => {
  const lockouts = {
    ...expected,
    databases: { ...expected.databases, postgres: { "public.ciam_lockouts": 5 } },
  };
  expect(leftovers(clean, lockouts)).toEqual(["postgres public.ciam_lockouts: is missing"]);
  const none = { ...expected, databases: { ...expected.databases, postgres: { "public.ciam_lockouts": 0 } } };
  expect(leftovers(clean, none)).toEqual([]);
});

test("an environment's seed and bundle say how many and who", () => {
  const [mirror] = fixtureFleet().mirrors;
  if (!mirror?.environment.extras) throw new Error("no mirror");
  const { users, number, mix } = mirror.environment.extras.seed;
  const { databases, roles, clients, residents } = expectationOf(
    mirror.environment,
    { users, number, mix },
    0,
  );
  // 30 of a thousand are employees; 68 are special; a start makes one identity of CIAM and two of IAM.
  expect(databases.ciam_kratos?.["public.identities"]).toBe(970 + 68 + 1);
  expect(databases.iam_kratos?.["public.identities"]).toBe(30 + 2);
  expect(databases.olympus?.["public.ciam_lockouts"]).toBe(5);
  expect(roles).toHaveLength(9);
  expect(clients.ciam_hydra).toContain("synthetic-web");
  expect(clients.iam_hydra).toContain("pgadmin");
  expect(residents.iam_kratos).toContain(mirror.environment.firstAdministrator);
});
