import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogueOf, type OryProgram } from "../../facts/catalogue.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { closeStack } from "../bundle/stack.ts";
import { mutationsOf } from "./catalogue-mutations.ts";
import { PLANTED_WORD, READERS_OF } from "./database-readers.ts";
import { type Outcome, outcomesOf } from "./mutation-run.ts";
import { AGELESS, KNOWN_VALUES, plantRow } from "./planted-rows.ts";
import { openRecordedDatabases, runSql } from "./recorded-databases.ts";
import { usedFacts } from "./used-facts.ts";

// Everything that the bundle runs on a database, on those of the pinned version: what it makes of them, and which facts of the
// catalogue it uses. Each fact is told otherwise in turn; one that is used changes what the reader's own test here expects.

const tablesOf = (program: OryProgram): string[] => [
  ...new Set(catalogueOf(program).columns.map(({ table_name }) => table_name)),
];
const eachTable = (program: OryProgram, line: (table: string) => string): string =>
  tablesOf(program)
    .map((table) => `public.${table}|1${line(table)}`)
    .join("\n");

const expected = (program: OryProgram): Outcome => ({
  "rehearsal of a redaction": "",
  redaction: "",
  "refresh: rows and their age": eachTable(program, (table) =>
    AGELESS[program].includes(table) ? "|0" : "|1",
  ),
  "sums of tables, of backup, restore and drill": eachTable(program, () => ""),
  ...(program === "hydra"
    ? { "refresh: clients": "1kanarie" }
    : {
        "counts of mail":
          'olympus_courier_failures_last_hour{domain="ciam"}\nolympus_courier_oldest_queued_seconds{domain="ciam"}',
        "counts of administrators":
          "olympus_administrators 1\nolympus_administrators_without_second_factor 0",
        "removal of sent mail": "0\n0",
        "redaction: who was there": "kanarie-1@example.com\nkanarie-2@example.com\nkanarie-3@example.com",
        "refresh: strangers": "kanarie@example.com",
      }),
});

/** All facts, those that are used, and those of them that are no presence or type of a column. */
const USED = {
  kratos: {
    ...{ all: 1253, used: 347 },
    named: [
      "column identities.external_id nullable",
      "column identities.id not generated",
      "column identities.metadata_admin nullable",
      "column identities.metadata_public nullable",
      "column identities.organization_id nullable",
      "column identities.traits not generated",
      "column identity_credential_identifiers.id not generated",
      "column identity_credential_identifiers.identifier not generated",
      "column identity_credential_identifiers.identity_credential_id not generated",
      "column identity_credentials.config not generated",
      "column identity_credentials.id not generated",
      "column identity_recovery_addresses.id not generated",
      "column identity_recovery_addresses.identity_id not generated",
      "column identity_recovery_addresses.value not generated",
      "column identity_verifiable_addresses.id not generated",
      "column identity_verifiable_addresses.identity_id not generated",
      "column identity_verifiable_addresses.value not generated",
      "constraint courier_message_dispatches.courier_message_dispatches_message_id_fk",
      "constraint courier_messages.courier_messages_pkey",
      "constraint identity_credential_identifiers.identity_credential_identifiers_identity_credential_id_fkey",
      "constraint identity_credentials.identity_credentials_pkey",
    ],
  },
  hydra: {
    ...{ all: 1118, used: 316 },
    named: ["client_name", "grant_types", "id", "nid", "pk", "redirect_uris", "response_types", "scope"].map(
      (name) => `column hydra_client.${name} not generated`,
    ),
  },
};

const ROW = {
  ...KNOWN_VALUES,
  "identities.metadata_admin": "'{}'",
  "identities.traits": `'{"email": "kanarie@example.com", "role": "admin"}'`,
  "identities.state": "'active'",
  "identity_credential_types.name": "'totp'",
  "identity_credential_identifiers.identifier": "'kanarie-1@example.com'",
  "identity_verifiable_addresses.value": "'kanarie-2@example.com'",
  "identity_recovery_addresses.value": "'kanarie-3@example.com'",
  "courier_messages.status": "2",
  "courier_messages.created_at": "'2026-01-01'",
};

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go"]))("facts of the catalogues", () => {
  beforeAll(async () => {
    await openRecordedDatabases();
    for (const program of ["kratos", "hydra"] as const)
      runSql(plantRow(catalogueOf(program), 1, PLANTED_WORD, ROW), `iam_${program}`);
  });
  afterAll(closeStack);

  const run = (program: OryProgram) => (changes: readonly string[]) =>
    outcomesOf({ empty: `ciam_${program}`, planted: `iam_${program}` }, READERS_OF[program], changes);

  describe.each(["kratos", "hydra"] as const)("%s", (program) => {
    it.each(READERS_OF[program].map(({ name }) => name))("%s", (name) => {
      expect(run(program)(["SELECT 1 WHERE false"])[0]?.[name]).toBe(expected(program)[name]);
    });

    it("has facts that are used and facts that are not", () => {
      const mutations = mutationsOf(catalogueOf(program));
      const used = usedFacts(mutations, run(program));
      // A fact of that kind would be one that could not be told otherwise.
      expect([...used].filter(([, tellers]) => tellers.includes("change"))).toEqual([]);
      const named = [...used.keys()].filter((fact) => !/ (there|type)$/.test(fact)).sort();
      expect({ all: mutations.length, used: used.size, named }).toEqual(USED[program]);
    });
  });
});
