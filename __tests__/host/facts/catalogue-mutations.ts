import type { Catalogue } from "../../facts/catalogue.ts";

type Column = Catalogue["columns"][number];

/** A fact of a catalogue, told otherwise. */
export interface Mutation {
  readonly fact: string;
  readonly table: string;
  readonly sql: string;
  /** What is changed only so that the fact can be: what a reader then says is not about the fact. */
  readonly control?: string;
}

const quoted = (name: string): string => `"${name}"`;
const WORDS = ["text", "varchar", "bpchar", "json", "jsonb", "bytea"];

/** Type of another kind: what holds words counts then, what does not holds words. */
const otherType = ({ udt_name }: Column): string => (WORDS.includes(udt_name) ? "bigint" : "text");

const typeOf = ({ udt_name, character_maximum_length: width }: Column): string =>
  width === undefined ? udt_name : `${udt_name}(${width})`;

function ofColumn(column: Column): Mutation[] {
  const { table_name: table, column_name, is_generated, is_nullable, column_default } = column;
  const alter = `ALTER TABLE ${quoted(table)}`;
  const name = quoted(column_name);
  const fact = (what: string) => `column ${table}.${column_name} ${what}`;
  const again = (made: string) => `${alter} DROP ${name} CASCADE; ${alter} ADD ${name} ${made}`;
  const control = again(typeOf(column));
  const generated = is_generated
    ? { fact: fact("generated"), table, sql: `${alter} ALTER ${name} DROP EXPRESSION` }
    : {
        fact: fact("not generated"),
        ...{ table, control },
        sql: again(`${typeOf(column)} GENERATED ALWAYS AS (NULL::${column.udt_name}) STORED`),
      };
  return [
    { fact: fact("there"), table, sql: `${alter} RENAME ${name} TO ${quoted(`${column_name}_other`)}` },
    { fact: fact("type"), table, sql: again(otherType(column)), control },
    generated,
    // Postgres 18 keeps the other case as a constraint.
    ...(is_nullable === "YES"
      ? [{ fact: fact("nullable"), table, sql: `${alter} ALTER ${name} SET NOT NULL` }]
      : []),
    ...(column_default === undefined
      ? []
      : [{ fact: fact("default"), table, sql: `${alter} ALTER ${name} DROP DEFAULT` }]),
  ];
}

/** One for every fact: presence, type, generation, nullability and default of columns, constraints, indices. */
export function mutationsOf({ columns, constraints, indexes }: Catalogue): Mutation[] {
  const names = new Set(constraints.map(({ name }) => name));
  const keyed = new Set(
    constraints
      .filter(({ type }) => type === "p")
      .flatMap(({ tbl, def }) => [...def.matchAll(/\w+(?=[,)])/g)].map(([name]) => `${tbl}.${name}`)),
  );
  const isOfKey = ({ tbl, type, def }: Catalogue["constraints"][number]) =>
    type === "n" && keyed.has(`${tbl}.${def.replace(/^NOT NULL "?(\w+)"?$/, "$1")}`);
  return [
    ...columns.flatMap(ofColumn),
    // What a primary key needs cannot go without it.
    ...constraints
      .filter((one) => !isOfKey(one))
      .map(({ tbl, name }) => ({
        fact: `constraint ${tbl}.${name}`,
        table: tbl,
        sql: `ALTER TABLE ${quoted(tbl)} DROP CONSTRAINT ${quoted(name)} CASCADE`,
      })),
    ...indexes
      .filter(({ indexname }) => !names.has(indexname))
      .map(({ tablename, indexname }) => ({
        fact: `index ${indexname}`,
        table: tablename,
        sql: `DROP INDEX ${quoted(indexname)} CASCADE`,
      })),
  ];
}
