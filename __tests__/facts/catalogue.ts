import { readFileSync } from "node:fs";

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly udt_name: string;
  readonly is_nullable: "YES" | "NO";
  readonly character_maximum_length?: number;
  readonly column_default?: string;
  readonly is_generated?: "ALWAYS";
  readonly generation_expression?: string;
}

/** What a database holds, as recorded after all migrations of a program. */
export interface Catalogue {
  readonly columns: readonly Column[];
  readonly constraints: readonly {
    readonly tbl: string;
    readonly name: string;
    readonly type: string;
    readonly def: string;
  }[];
  readonly indexes: readonly {
    readonly tablename: string;
    readonly indexname: string;
    readonly indexdef: string;
  }[];
}

export type OryProgram = "kratos" | "hydra";

/** Version of Kratos and Hydra that the recorded facts are of. */
export const RECORDED = "26.2.0";

const FOLDER = "__tests__/facts";

export const recordedFile = (file: string): string => readFileSync(`${FOLDER}/${RECORDED}/${file}`, "utf8");

export const catalogueOf = (program: OryProgram): Catalogue =>
  JSON.parse(recordedFile(`${program}-catalog.json`)) as Catalogue;

const quote = (name: string): string => `"${name}"`;

function columnSql(column: Column): string {
  const { column_name, udt_name, character_maximum_length: width, column_default: value } = column;
  const type = width === undefined ? udt_name : `${udt_name}(${width})`;
  const made = column.is_generated
    ? ` GENERATED ALWAYS AS (${column.generation_expression}) STORED`
    : value === undefined
      ? ""
      : ` DEFAULT ${value}`;
  return `${quote(column_name)} ${type}${made}`;
}

/** Statements that make an empty database what the catalogue says: sequences, tables, constraints, indices. */
export function catalogueSql({ columns, constraints, indexes }: Catalogue): string {
  const sequences = columns.flatMap((column) => column.column_default?.match(/nextval\('(\w+)'/)?.[1] ?? []);
  const names = [...new Set(columns.map(({ table_name }) => table_name))];
  const tables = names.map((name) => {
    const own = columns.filter(({ table_name }) => table_name === name).map(columnSql);
    return `CREATE TABLE ${quote(name)} (${own.join(", ")})`;
  });
  // A foreign key needs the key that it points at.
  const order = ["n", "p", "u", "c", "f"];
  const rules = [...constraints]
    .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
    .map(({ tbl, name, def }) => `ALTER TABLE ${quote(tbl)} ADD CONSTRAINT ${quote(name)} ${def}`);
  const made = new Set(constraints.map(({ name }) => name));
  const lookups = indexes.filter(({ indexname }) => !made.has(indexname)).map(({ indexdef }) => indexdef);
  const unique = lookups.filter((sql) => sql.startsWith("CREATE UNIQUE"));
  const foreign = rules.findIndex((sql) => sql.includes(" FOREIGN KEY "));
  const [before, after] = foreign < 0 ? [rules, []] : [rules.slice(0, foreign), rules.slice(foreign)];
  const others = lookups.filter((sql) => !unique.includes(sql));
  return [
    ...sequences.map((name) => `CREATE SEQUENCE ${quote(name)}`),
    ...[...tables, ...before, ...unique, ...after, ...others],
  ]
    .map((sql) => `${sql};\n`)
    .join("");
}

/** Asks a database for its catalogue, in the form in which it is recorded, as one line of JSON. */
export const CATALOGUE_QUERY = `
SELECT json_build_object(
  'columns', (SELECT json_agg(json_strip_nulls(json_build_object('table_name', table_name, 'column_name', column_name,
      'data_type', data_type, 'udt_name', udt_name, 'character_maximum_length', character_maximum_length,
      'is_nullable', is_nullable, 'column_default', column_default, 'is_generated', nullif(is_generated, 'NEVER'),
      'generation_expression', generation_expression)) ORDER BY table_name, ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'public'),
  'constraints', (SELECT json_agg(json_build_object('tbl', conrelid::regclass::text, 'name', conname, 'type', contype,
      'def', pg_get_constraintdef(oid)) ORDER BY conrelid::regclass::text, conname)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0),
  'indexes', (SELECT json_agg(json_build_object('tablename', tablename, 'indexname', indexname, 'indexdef', indexdef)
      ORDER BY tablename, indexname)
    FROM pg_indexes WHERE schemaname = 'public'))`;
