import type { Catalogue } from "../../facts/catalogue.ts";

type Column = Catalogue["columns"][number];

/** What a row must hold besides words for the bundle to know it as one of the program. */
export const KNOWN_VALUES = {
  "schema_migration.version": "'20260101000000'",
  "identities.schema_id": "'default'",
  "identity_credential_types.name": "'password'",
  // Hydra's generated column has a value only where a consent is remembered.
  "hydra_oauth2_flow.consent_remember_for": "3600",
};

/** Tables whose rows have no time of their own. */
export const AGELESS = {
  kratos: ["identity_credential_types", "schema_migration"],
  hydra: ["hydra_oauth2_jti_blacklist", "hydra_oauth2_obfuscated_authentication_session", "schema_migration"],
};

const NUMBERS = ["int2", "int4", "int8"];

function value({ udt_name, character_maximum_length }: Column, n: number, word: string): string {
  if (udt_name === "uuid") return `'00000000-0000-4000-8000-00000000000${n}'`;
  if (NUMBERS.includes(udt_name)) return String(n);
  if (udt_name === "bool") return "true";
  if (udt_name === "timestamp") return `'2026-11-29 04:08:19.8'`;
  if (udt_name === "json" || udt_name === "jsonb") return `'{"word": "${word}"}'`;
  return `'${`${n}${word}`.slice(0, character_maximum_length ?? 100)}'`;
}

/** Statements that put a row with a word into every table, whatever points at whatever. `given`: values of single columns. */
export function plantRow(
  { columns }: Catalogue,
  n: number,
  word: string,
  given: Readonly<Record<string, string>> = {},
): string {
  const names = [...new Set(columns.map(({ table_name }) => table_name))];
  const inserts = names.map((name) => {
    const own = columns.filter((column) => column.table_name === name && !column.is_generated);
    const values = own.map((column) => given[`${name}.${column.column_name}`] ?? value(column, n, word));
    return `INSERT INTO "${name}" (${own.map((column) => `"${column.column_name}"`).join(", ")}) VALUES (${values.join(", ")});\n`;
  });
  return `SET session_replication_role = replica;\n${inserts.join("")}`;
}
