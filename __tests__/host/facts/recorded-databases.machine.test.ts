import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CATALOGUE_QUERY, type Catalogue, catalogueOf } from "../../facts/catalogue.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { closeStack } from "../bundle/stack.ts";
import { openRecordedDatabases, programOf, RECORDED_DATABASES, runSql } from "./recorded-databases.ts";

const sorted = <T>(items: readonly T[]): string[] => items.map((item) => JSON.stringify(item)).sort();

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go"]))("databases of the recorded version", () => {
  beforeAll(openRecordedDatabases);
  afterAll(closeStack);

  it.each(RECORDED_DATABASES)("%s has every column, constraint and index of the record", (name) => {
    const { columns, constraints, indexes } = catalogueOf(programOf(name));
    const built = JSON.parse(runSql(CATALOGUE_QUERY, name)) as Catalogue;
    expect(built.columns).toHaveLength(columns.length);
    // The order of columns is a table's own; that of tables is nobody's.
    for (const table of new Set(columns.map(({ table_name }) => table_name))) {
      const of = (all: Catalogue) => all.columns.filter(({ table_name }) => table_name === table);
      expect(of(built), table).toEqual(of({ columns, constraints, indexes }));
    }
    expect(sorted(built.constraints)).toEqual(sorted(constraints));
    expect(sorted(built.indexes)).toEqual(sorted(indexes));
  });
});
