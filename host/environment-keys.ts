import { readFileSync } from "node:fs";
import { join } from "node:path";

const TABLE = join("host", "release", "env.keys.yaml");

/** What a value must be: a form of policy/value-forms.ts by its name, or a regular expression. */
interface EnvironmentKey {
  readonly form?: string;
  readonly pattern?: string;
}

const LINE = /^- \{ key: ([A-Z][A-Z0-9_]*), .*, (form|pattern): ("(?:[^"\\]|\\.)*"|[a-z-]+) \}$/;

let table: Readonly<Record<string, EnvironmentKey>> | undefined;

/**
 * The keys of host/release/env.keys.yaml with their forms. Read once and by the line, as the machine does it: a parser of
 * YAML takes longer for it than the rules of the policy for all stacks.
 */
export function environmentKeys(): Readonly<Record<string, EnvironmentKey>> {
  table ??= parsedKeys(readFileSync(TABLE, "utf8"));
  return table;
}

/** The same of a text. Throws on a line without a form, and on a key that is there twice. */
export function parsedKeys(text: string): Readonly<Record<string, EnvironmentKey>> {
  const keys: Record<string, EnvironmentKey> = {};
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [, key, kind, value] = LINE.exec(line) ?? [];
    if (!key || !kind || !value)
      throw new Error(`${TABLE}: no key with a form or a pattern at its end: ${line}`);
    if (Object.hasOwn(keys, key)) throw new Error(`${TABLE}: ${key} is there twice`);
    keys[key] = { [kind]: value.startsWith('"') ? (JSON.parse(value) as string) : value };
  }
  return keys;
}
