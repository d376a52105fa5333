import type { Expectation, RowRule } from "./expectation.ts";
import type { Remains } from "./machine.ts";

/** Everything on the machine that neither the refresh nor the seed has put there, or that is missing; a line each, with its name. */
export function leftovers(remains: Remains, expected: Expectation): string[] {
  return [
    ...Object.entries(remains.databases).flatMap(([database, tables]) => {
      const rules = expected.databases[database];
      if (!rules) return [`database ${database}: Olympus does not use it`];
      const found = Object.entries(tables).flatMap(([table, { rows, older }]) =>
        wrong(rows, older, rules[table] ?? 0).map((words) => `${database} ${table}: ${words}`),
      );
      // A table of Hera's is there only once somebody has logged in at her page.
      const missing = Object.entries(rules).filter(([table, rule]) => Number(rule) > 0 && !tables[table]);
      return [...found, ...missing.map(([table]) => `${database} ${table}: is missing`)];
    }),
    ...Object.keys(expected.databases)
      .filter((database) => !remains.databases[database])
      .map((database) => `database ${database}: is missing`),
    ...difference("role", "", remains.roles, expected.roles),
    ...byDatabase("OAuth2 client", remains.clients, expected.clients),
    ...byDatabase("identity", remains.strangers, expected.residents),
    ...mails(remains),
  ];
}

function wrong(rows: number, older: number, rule: RowRule): string[] {
  // A migration may write a row with a date of its own.
  const age = older > 0 && rule !== "own" ? [`${older} of ${rows} rows are older than the refresh`] : [];
  return typeof rule === "number" && rows !== rule ? [`${rows} rows instead of ${rule}`, ...age] : age;
}

type Names = Readonly<Record<string, readonly string[]>>;

const byDatabase = (what: string, found: Names, expected: Names): string[] =>
  [...new Set([...Object.keys(found), ...Object.keys(expected)])].flatMap((database) =>
    difference(what, `${database} `, found[database] ?? [], expected[database] ?? []),
  );

function difference(what: string, where: string, found: readonly string[], expected: readonly string[]) {
  return [
    ...found
      .filter((name) => !expected.includes(name))
      .map((name) => `${where}${what} ${name}: Olympus did not make it`),
    ...expected.filter((name) => !found.includes(name)).map((name) => `${where}${what} ${name}: is missing`),
  ];
}

/** Alarms may write at any time; what was there before may not. */
function mails({ since, messages: { rows, oldest } }: Remains): string[] {
  const isOld = rows && oldest && Date.parse(oldest) < Date.parse(since);
  return isOld ? [`Mailpit: of ${rows} messages the oldest is of ${oldest}, before the refresh`] : [];
}
