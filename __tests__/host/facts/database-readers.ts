import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OryProgram } from "../../facts/catalogue.ts";
import { FILES, readBundleFile } from "../bundle/values.ts";

/** What the bundle runs on a database, as psql's input, inside a transaction that somebody else began. */
export interface DatabaseReader {
  readonly name: string;
  /** Only the tables, or a row in each of them. */
  readonly on: "empty" | "planted";
  readonly sql: string;
  /** Of a line that it prints: what does not depend on the moment or on what a column holds. */
  readonly stable?: (line: string) => string;
}

/** The word that `survivors.sql` looks for. */
export const PLANTED_WORD = "kanarie";

const sql = (file: string): string => readBundleFile(join("postgres", file));

/** One redaction as `olympus-redact` puts it together. */
function redaction(kind: OryProgram, before: readonly string[]): string {
  const file = (name: string) => {
    const path = join(FILES, "postgres/redaction", name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  return [
    `\\set kind ${kind}`,
    'CREATE TEMP TABLE class_row (database text, "table" text, class text, columns text, allowed text);',
    "COPY class_row FROM stdin (FORMAT csv, HEADER);",
    `${file("classes.csv").trimEnd()}\n\\.`,
    ...["classify.sql", ...before].map(file),
    "SET session_replication_role = replica;",
    "CREATE TEMP TABLE password AS SELECT 'a hash' AS hash;",
    ...[`${kind}.sql`, "apply.sql", "survivors.sql"].map(file),
  ].join("\n");
}

/** The line of `olympus-redact` that names the people, and those of `olympus-refresh` that name who is there. */
const inScript = (script: string, query: RegExp): string =>
  query.exec(readBundleFile(join("bin", script)))?.[1] ?? "";

const PEOPLE = inScript("olympus-redact", /-c "(SELECT DISTINCT v [^"]+)"/);
const CLIENTS = inScript("olympus-refresh", /'(SELECT id FROM public\.hydra_client [^']+)'/);
const STRANGERS = inScript("olympus-refresh", /"(SELECT coalesce\(traits[^"]+)"/);

/** As the role that owns the tables, which has the database's name: its own are what it looks at. */
const AS_OWNER = 'SET LOCAL ROLE :"DBNAME";';

const shared = (kind: OryProgram): DatabaseReader[] => [
  { name: "rehearsal of a redaction", on: "empty", sql: redaction(kind, ["canaries.sql"]) },
  { name: "redaction", on: "planted", sql: redaction(kind, []) },
  {
    name: "refresh: rows and their age",
    on: "planted",
    sql: `${AS_OWNER}\n\\set since '2026-11-30'\n${sql("remains.sql")}`,
  },
  {
    name: "sums of tables, of backup, restore and drill",
    on: "planted",
    sql: `${AS_OWNER}\n${sql("table-sums.sql")}`,
    stable: (line) => line.replace(/\|-?\d+$/, ""),
  },
];

export const READERS_OF: Readonly<Record<OryProgram, readonly DatabaseReader[]>> = {
  kratos: [
    ...shared("kratos"),
    {
      name: "counts of mail",
      on: "planted",
      sql: `\\set domain ciam\n${sql("metrics-kratos.sql")}`,
      stable: (line) => line.replace(/ -?\d+$/, ""),
    },
    { name: "counts of administrators", on: "planted", sql: sql("metrics-administrators.sql") },
    {
      name: "removal of sent mail",
      on: "planted",
      sql: `${sql("delete-sent-mail.sql")}
SELECT count(*) FROM courier_messages; SELECT count(*) FROM courier_message_dispatches;`,
    },
    { name: "redaction: who was there", on: "planted", sql: `${PEOPLE};` },
    { name: "refresh: strangers", on: "planted", sql: `${STRANGERS};` },
  ],
  hydra: [...shared("hydra"), { name: "refresh: clients", on: "planted", sql: `${CLIENTS};` }],
};
