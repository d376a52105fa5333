// Takes from GitHub's OpenAPI description what is emulated: `npm run schemas -w packages/github-emulator -- FILE`. See README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerDirectory } from "@olympus-infra/lib/process-env.ts";
import { OPERATIONS } from "./operations.ts";

type Json = Record<string, unknown>;

const WORDS = ["description", "example", "examples", "externalDocs", "x-github", "deprecated", "title"];

/** JSON Schema of what OpenAPI 3.0 says in words of its own: `nullable`; without what only people read. */
function schemaOf(value: unknown, isNames = false): unknown {
  if (Array.isArray(value)) return value.map((one) => schemaOf(one));
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = value as Json;
  const kept = Object.entries(rest).filter(([key]) => isNames || !WORDS.includes(key));
  const schema: Json = Object.fromEntries(
    kept.map(([key, inner]) => [
      key,
      ["enum", "required", "default"].includes(key) && !isNames
        ? inner
        : schemaOf(inner, key === "properties" && !isNames),
    ]),
  );
  if (isNames) return { ...schema, ...(nullable !== undefined && { nullable: schemaOf(nullable) }) };
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

const [file] = process.argv.slice(2);
if (!file) throw new Error("usage: npm run schemas -w packages/github-emulator -- api.github.com.json");
const description = JSON.parse(readFileSync(resolve(callerDirectory(), file), "utf8")) as {
  info: { version: string };
  paths: Record<string, Record<string, Json>>;
  components: Record<string, Record<string, Json>>;
};

const resolved = (value: Json): Json => {
  const [, , kind = "", name = ""] = String(value.$ref ?? "").split("/");
  return value.$ref === undefined ? value : resolved(description.components[kind]?.[name] ?? {});
};
const media = (holder: Json | undefined): Json | undefined =>
  (holder?.content as Record<string, Json> | undefined)?.["application/json"];
/** The example that GitHub prints beside an answer. */
function exampleOf(content: Json | undefined): unknown {
  const [first] = Object.values((content?.examples ?? {}) as Record<string, Json>);
  return first && resolved(first).value;
}

const operations = OPERATIONS.map((name) => {
  const [method = "", path = ""] = name.split(" ");
  const found = description.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`${name}: not in ${file}`);
  const body = media(found.requestBody as Json | undefined)?.schema;
  const answers = Object.entries(found.responses as Record<string, Json>)
    .filter(([status]) => /^([24]|303)/.test(status))
    .map(([status, answer]) => {
      const content = media(resolved(answer));
      const example = status.startsWith("2") ? exampleOf(content) : undefined;
      return [
        status,
        content ? { schema: schemaOf(content.schema), ...(example !== undefined && { example }) } : {},
      ];
    });
  return [
    name,
    { ...(body !== undefined && { body: schemaOf(body) }), answers: Object.fromEntries(answers) },
  ] as const;
});

/** Every schema that is named, and what those name. */
const schemas: Record<string, unknown> = {};
function collect(value: unknown): void {
  for (const [, name = ""] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (name in schemas) continue;
    schemas[name] = schemaOf(description.components.schemas?.[name]);
    collect(schemas[name]);
  }
}
collect(operations);

const text = JSON.stringify(
  {
    version: description.info.version,
    operations: Object.fromEntries(operations),
    components: { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) },
  },
  null,
  1,
);
writeFileSync(new URL("schemas/api.github.com.json", import.meta.url), `${text}\n`);
console.log(
  `${operations.length} operations, ${Object.keys(schemas).length} schemas, ${Math.round(text.length / 1024)} KiB`,
);
