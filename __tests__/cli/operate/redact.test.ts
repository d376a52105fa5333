import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseRedactionSource } from "../../../cli/operate/redact-source.ts";

interface Row {
  readonly column: string;
  readonly type: string;
}
const lines = readFileSync("host/release/postgres/redaction/classes.csv", "utf8").trim().split("\n");
const rows = lines.slice(1).map((line) => line.split(","));
const SCHEMAS = "__tests__/host/bundle/schemas";

test.each(["kratos", "hydra"])("every column of %s v26.2.0 has one class", (database) => {
  const tables = JSON.parse(readFileSync(`${SCHEMAS}/${database}-columns-26.2.0.json`, "utf8")) as Record<
    string,
    Row[]
  >;
  const wanted = Object.entries(tables).flatMap(([table, columns]) =>
    columns.map(({ column }) => `${table}.${column}`),
  );
  const classified = rows
    .filter(([name]) => name === database)
    .flatMap(([, table, , columns = ""]) => columns.split(" ").map((column) => `${table}.${column}`));
  expect(new Set(classified).size).toBe(classified.length);
  expect(wanted.filter((name) => !classified.includes(name))).toEqual([]);
  // What the dump of an older version has besides.
  expect(classified.filter((name) => !wanted.includes(name)).sort()).toEqual([
    "schema_migration.version",
    "schema_migration.version_self",
  ]);
});

test("a DSN becomes libpq's variables", () => {
  const { name, variables } = parseRedactionSource(
    "postgres://ada@db.example:5433/ciam_kratos?sslmode=verify-full",
    "/",
  );
  expect(name).toBe("ciam_kratos");
  expect(variables).toEqual({
    PGHOST: "db.example",
    PGPORT: "5433",
    PGUSER: "ada",
    PGSSLMODE: "verify-full",
  });
});

test.each([
  ["postgres://ada:secret@db.example/ciam_kratos", "has a password"],
  ["postgres://db.example/", "names no database"],
  ["postgres://db.example/a?options=-c", "The DSN has options"],
  ["nowhere.dump", "neither a file nor a DSN"],
])("%s is refused, and no password repeated", (given, why) => {
  expect(() => parseRedactionSource(given, "/")).toThrow(why);
  expect(() => parseRedactionSource(given, "/")).not.toThrow("secret@");
});
