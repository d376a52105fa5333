import * as z from "zod";
import { pathWith, shortened } from "../../lib/text.ts";
import type { Help } from "./help.ts";

// The configuration is parsed once: compiling parsers for it costs more than it gives.
z.config({ jitless: true });

/** One thing wrong with the configuration: where, what stands there, what may, and what to do. */
export interface Problem {
  readonly file: string;
  readonly path: string;
  readonly value: string;
  readonly allowed: string;
  readonly remedy: string;
}

/** A problem with a value of an environment's own file. */
export const problemOf = (
  environment: string,
  path: string,
  value: string,
  allowed: string,
  remedy: string,
): Problem => ({
  file: `config/${environment}.ts`,
  path,
  value: JSON.stringify(value),
  allowed,
  remedy,
});

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      `${problems.length} ${problems.length === 1 ? "problem" : "problems"} in the configuration\n${problems.map(describe).join("\n")}`,
    );
    this.problems = problems;
  }
}

const describe = (p: Problem): string =>
  [
    `\n${p.file}  ${p.path}`,
    `  found    ${p.value}`,
    `  allowed  ${p.allowed}`,
    `  do       ${p.remedy}`,
  ].join("\n");

/** Checks `value` and returns it typed, or every problem in it. */
export function parse<S extends z.ZodType>(
  file: string,
  schema: S,
  value: unknown,
): { data: z.infer<S> } | { problems: Problem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data };
  return { problems: result.error.issues.flatMap((issue) => explain(file, schema, value, issue)) };
}

function explain(file: string, schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(innermost(schema, issue.path));
    return issue.keys.map((key) => ({
      file,
      path: pathText([...issue.path, key]),
      value: "an unknown key",
      allowed: known.length ? known.join(", ") : "no further key",
      remedy: SECRET.test(key)
        ? "remove it: secrets live in the environment and in secrets/, never in the configuration"
        : "remove it, or correct its spelling",
    }));
  }
  // What is wrong with the key of a map is said with the key's help, and the key shown.
  const isKey = issue.code === "invalid_key";
  const help =
    (issue.code === "custom" && (issue.params as Help | undefined)) || helpFor(schema, issue.path, isKey);
  const found = issue.path.reduce<unknown>(
    (v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const shown = isKey ? `the key ${printable(issue.path.at(-1), [])}` : printable(found, issue.path);
  const why = issue.code === "custom" ? `${shown} (${issue.message})` : shown;
  return [{ file, path: pathText(issue.path), value: why, ...help }];
}

const SECRET = /token|secret|password|passwd|private|credential|api_?key/i;
const TOKEN_SHAPED = /^(?:[A-Za-z0-9_-]{40,}|[A-Za-z0-9]{64})$/;

/** The value as a reader may see it: what looks like a secret is not shown, what is long is cut. */
function printable(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return "nothing";
  if (path.some((key) => SECRET.test(String(key))) || (typeof value === "string" && TOKEN_SHAPED.test(value)))
    return "a hidden value";
  return shortened(printed(value), 80);
}

/** As JSON where there is any: a BigInt and a circle have none, and NaN would be null. */
function printed(value: unknown): string {
  if (typeof value === "number") return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === "object" ? "an object that is not plain data" : String(value);
  }
}

const pathText = (path: readonly PropertyKey[]): string => path.reduce<string>(pathWith, "") || "(top level)";

/** Help of the innermost schema on the path that has any. */
function helpFor(schema: z.ZodType, path: readonly PropertyKey[], ofKey: boolean): Help {
  const along = path.map((_, i) => innermost(schema, path.slice(0, i + 1)));
  if (ofKey) along[along.length - 1] = keySchema(innermost(schema, path.slice(0, -1)));
  const metas = [...along.reverse(), schema].map((s) => bare(s)?.meta() as Partial<Help> | undefined);
  const found = metas.find((meta): meta is Help => meta?.allowed !== undefined && meta.remedy !== undefined);
  return (
    found ?? {
      allowed: keysOf(innermost(schema, path)).join(", ") || "a value in the documented format",
      remedy: "write an object with these keys",
    }
  );
}

/** The schema that a path leads to, wrappers left off for the way. */
function innermost(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((at, key) => {
    const from = bare(at);
    if (from instanceof z.ZodObject) return from.shape[String(key)] as z.ZodType | undefined;
    if (from instanceof z.ZodRecord) return from.valueType as z.ZodType;
    if (from instanceof z.ZodArray) return from.element as z.ZodType;
    return undefined;
  }, schema);
}

const keySchema = (map: z.ZodType | undefined): z.ZodType | undefined => {
  const record = bare(map);
  return record instanceof z.ZodRecord ? (record.keyType as z.ZodType) : undefined;
};

/** A schema without the wrapper that makes it optional. */
const bare = (schema: z.ZodType | undefined): z.ZodType | undefined =>
  schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;

function keysOf(schema: z.ZodType | undefined): string[] {
  const object = bare(schema);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}
