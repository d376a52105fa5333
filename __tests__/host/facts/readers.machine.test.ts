import { appendFileSync, cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogueOf } from "../../facts/catalogue.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { closeStack, machine } from "../bundle/stack.ts";
import { FILES } from "../bundle/values.ts";
import { dumpText, folder, runRedaction } from "../redaction/source-fixture.ts";
import { AGELESS, KNOWN_VALUES, plantRow } from "./planted-rows.ts";
import { openRecordedDatabases, programOf, RECORDED_DATABASES, runSql } from "./recorded-databases.ts";

// What the bundle does with a database, on those of the pinned version: a row in every table, and a word in it.
const WORD = "lovelace";
const sqlOf = (file: string): string => readFileSync(join(FILES, "postgres", file), "utf8");
const lines = (text: string): string[] => text.trim().split("\n");

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go"]))("on databases of the pinned version", () => {
  beforeAll(async () => {
    await openRecordedDatabases();
    for (const name of RECORDED_DATABASES)
      runSql(plantRow(catalogueOf(programOf(name)), 1, WORD, KNOWN_VALUES), name);
  });
  afterAll(async () => {
    await closeStack();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["kratos", "ciam_kratos", "user-"],
    ["kratos", "iam_kratos", "user-"],
    ["hydra", "ciam_hydra", "Client 1"],
    ["hydra", "iam_hydra", "Client 1"],
  ])("redaction of %s leaves nobody in %s", (kind, database, kept) => {
    const done = runRedaction(kind, database, `${database}.dump`);
    expect(done.err).toBe("");
    const text = dumpText(`${database}.dump`);
    expect(text).toContain(kept);
    expect(text).not.toContain(WORD);
  });

  it("redaction passes over what Postgres writes itself, in any table and of any class", () => {
    const added = `ALTER TABLE networks ADD shown text GENERATED ALWAYS AS (id::text) VIRTUAL,
      ADD stored date GENERATED ALWAYS AS (created_at::date) STORED, ADD counted int GENERATED ALWAYS AS IDENTITY`;
    runSql(added, "iam_hydra");
    expect(runRedaction("hydra", "iam_hydra", "added.dump").err).toContain(
      "column networks.counted (integer) has no class",
    );
    const bundle = join(folder, "bundle");
    cpSync(FILES, bundle, { recursive: true });
    const classes =
      "hydra,networks,day,stored,\nhydra,networks,null,shown,\nhydra,networks,identity,counted,\n";
    appendFileSync(join(bundle, "postgres/redaction/classes.csv"), classes);
    expect(runRedaction("hydra", "iam_hydra", "added.dump", { bundle }).err).toBe("");
    runSql("ALTER TABLE networks DROP shown, DROP stored, DROP counted", "iam_hydra");
  });

  it.each(RECORDED_DATABASES)("a copy of %s has the sums of its tables", (name) => {
    // As the role that owns them, whose own tables are what it looks at.
    const sums = (database: string) =>
      lines(runSql(`SET ROLE ${name};\n${sqlOf("table-sums.sql")}`, database));
    const before = sums(name);
    expect(before).toHaveLength(new Set(catalogueOf(programOf(name)).columns.map((c) => c.table_name)).size);
    expect(before.every((line) => line.split("|")[1] === "1")).toBe(true);
    const copied = machine.run(
      [
        "sh",
        "-c",
        `createdb copy && pg_dump -Fc ${name} | pg_restore --exit-on-error --single-transaction -d copy`,
      ],
      { user: "70:70" },
    );
    expect(copied.err).toBe("");
    expect(sums("copy")).toEqual(before);
    runSql("DROP DATABASE copy", "postgres");
  });

  it.each(RECORDED_DATABASES)("a refresh tells new rows of %s from old ones", (name) => {
    const older = (since: string) =>
      lines(runSql(`SET ROLE ${name};\n\\set since '${since}'\n${sqlOf("remains.sql")}`, name)).filter(
        (line) => line.endsWith("|1|1"),
      );
    const tables = [...new Set(catalogueOf(programOf(name)).columns.map((c) => c.table_name))];
    const aged = older("2026-11-30").map((line) => line.slice("public.".length, line.indexOf("|")));
    expect(tables.filter((table) => !aged.includes(table))).toEqual(AGELESS[programOf(name)]);
    expect(older("2026-11-29 04:08:19Z")).toEqual([]);
  });

  it.each(["ciam", "iam"])("mail of %s is counted, and deleted when it is old", (domain) => {
    const database = `${domain}_kratos`;
    const metrics = runSql(`\\set domain ${domain}\n${sqlOf("metrics-kratos.sql")}`, database);
    expect(metrics).toContain(`olympus_courier_failures_last_hour{domain="${domain}"} 0\n`);
    expect(metrics).toMatch(
      new RegExp(`olympus_courier_oldest_queued_seconds\\{domain="${domain}"\\} -?[0-9]+\n`),
    );
    runSql("UPDATE courier_messages SET status = 2, created_at = now() - interval '31 days'", database);
    runSql(sqlOf("delete-sent-mail.sql"), database);
    // Each try goes with its mail, by the foreign key.
    expect(runSql("SELECT count(*) FROM courier_messages", database)).toBe("0\n");
    expect(runSql("SELECT count(*) FROM courier_message_dispatches", database)).toBe("0\n");
  });
});
