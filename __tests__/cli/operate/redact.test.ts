import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseRedactionSource } from "../../../cli/operate/redact-source.ts";
import { catalogueOf } from "../../facts/catalogue.ts";

const lines = readFileSync("host/release/postgres/redaction/classes.csv", "utf8").trim().split("\n");
const rows = lines.slice(1).map((line) => line.split(","));

test.each(["kratos", "hydra"] as const)(
  "every column of %s, as recorded of the pinned version, has one class",
  (database) => {
    const wanted = catalogueOf(database).columns.map(
      ({ table_name, column_name }) => `${table_name}.${column_name}`,
    );
    const classified = rows
      .filter(([name]) => name === database)
      .flatMap(([, table, , columns = ""]) => columns.split(" ").map((column) => `${table}.${column}`));
    expect(new Set(classified).size).toBe(classified.length);
    expect(wanted.filter((name) => !classified.includes(name))).toEqual([]);
    expect(classified.filter((name) => !wanted.includes(name))).toEqual([]);
  },
);

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
