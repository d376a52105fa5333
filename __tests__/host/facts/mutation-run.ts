import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machine, POSTGRES_USER } from "../bundle/stack.ts";
import type { DatabaseReader } from "./database-readers.ts";

/** What each reader made of a changed database: its name, to what it printed and complained about. */
export type Outcome = Readonly<Record<string, string>>;

/**
 * Runs the readers on a database after each change, every change in a transaction of its own that is rolled back: no database
 * is made for it. One psql a database; where its answers begin is marked in both of its outputs.
 */
export function outcomesOf(
  databases: Readonly<Record<DatabaseReader["on"], string>>,
  readers: readonly DatabaseReader[],
  changes: readonly string[],
): Outcome[] {
  const kinds = ["empty", "planted"] as const;
  for (const on of kinds) {
    const own = readers.filter((reader) => reader.on === on);
    const runs = changes.flatMap((change, i) => [
      ...[`\\echo @@${i}`, `\\warn @@${i}`, "BEGIN;", `${change};`, "SAVEPOINT changed;"],
      ...own.flatMap(({ name, sql }) => [
        ...[`\\echo @@${i} ${name}`, `\\warn @@${i} ${name}`],
        // An error ends this reader alone: psql goes on, and Postgres refuses until the savepoint.
        sql.replaceAll(/^\\set (ON_ERROR_STOP|QUIET).*$/gm, ""),
        ...["ROLLBACK TO changed;"],
      ]),
      "ROLLBACK;",
    ]);
    // Postgres says what goes along with a column; nobody reads that.
    const quiet = "SET client_min_messages = warning;";
    // The superuser's own is empty; the scripts name this one where they run a service's files.
    const path = "SET search_path = public;";
    writeFileSync(join(machine.root, `tmp/${on}.sql`), [quiet, path, ...runs].join("\n"));
  }
  const psql = kinds.map((on) => `psql -X -q -A -t -d ${databases[on]} <${on}.sql >${on}.out 2>${on}.err & `);
  const done = machine.run(["sh", "-c", `cd /tmp; umask 0; ${psql.join("")} wait`], { user: POSTGRES_USER });
  if (done.err) throw new Error(done.err);
  const told = kinds.flatMap((on) =>
    ["out", "err"].map((ending) => readFileSync(join(machine.root, `tmp/${on}.${ending}`), "utf8")),
  );
  const stable = new Map(readers.map(({ name, stable: cut }) => [name, cut]));
  const found: Record<string, string>[] = changes.map(() => ({}));
  for (const text of told)
    for (const part of text.split(/^@@/m).slice(1)) {
      const [head = "", ...lines] = part.trimEnd().split("\n");
      const [, i = "", name = "change"] = /^(\d+)(?: (.+))?$/.exec(head) ?? [];
      const outcome = found[Number(i)];
      const cut = stable.get(name) ?? ((line: string) => line);
      const said = lines.filter((line) => !/current transaction is aborted/.test(line)).map(cut);
      if (outcome)
        outcome[name] = [...(outcome[name]?.split("\n") ?? []), ...said].filter(Boolean).sort().join("\n");
    }
  return found;
}
