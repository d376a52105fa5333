import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { composeServices } from "./compose.ts";
import { createSecretValues, envKeys, plainValues, readBundleFile } from "./values.ts";

// The programs that run here are older (see identity.machine.test.ts): the schemas are those of v26.2.0, from Ory's modules.
const SCHEMAS = join(process.cwd(), "__tests__", "host", "bundle", "schemas");
const schema = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, `${name}-26.2.0.json`), "utf8"));
const ORY = {
  "serve-config": "serve",
  "cors-config": "cors",
  "tls-config": "tls",
  "logging-config": "log",
  "tracing-config": "tracing",
};

interface Node {
  readonly properties?: Record<string, Node>;
  readonly allOf?: readonly Node[];
  readonly $ref?: string;
  readonly type?: string;
  readonly definitions?: Record<string, Node>;
}
let kratos: ValidateFunction;
let hydra: ValidateFunction;
let identity: ValidateFunction;

beforeAll(() => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  (addFormats.default ?? addFormats)(ajv);
  for (const [name, file] of Object.entries(ORY))
    ajv.addSchema({ ...schema(`ory-${file}`), $id: `ory://${name}` });
  ajv.addSchema(schema("kratos-identity-extension"));
  identity = ajv.compile(schema("kratos-identity-meta"));
  kratos = ajv.compile(schema("kratos-config"));
  hydra = ajv.compile(schema("hydra-config"));
});

const follow = (root: Node, node: Node): Node => {
  const name = node.$ref?.split("/").at(-1) ?? "";
  if (node.$ref?.startsWith("ory://")) return schema(`ory-${ORY[name as keyof typeof ORY]}`);
  return root.definitions?.[name] ?? node;
};

/** Path of the schema's key that an environment variable sets: the way Ory's programs read them. */
const pathOf = (root: Node, node: Node, name: string, trail: string[] = []): [string[], Node] | undefined => {
  if (name === "") return [trail, node];
  const parts = [node, ...(node.allOf ?? [])].flatMap((part) =>
    Object.entries(follow(root, part).properties ?? {}),
  );
  for (const [key, child] of parts) {
    const upper = key.replaceAll(/[.-]/g, "_").toUpperCase();
    if (name !== upper && !name.startsWith(`${upper}_`)) continue;
    const found = pathOf(root, child, name.slice(upper.length + 1), [...trail, key]);
    if (found) return found;
  }
  return undefined;
};
const typed = (node: Node, value: string): unknown =>
  value.startsWith("[") ? JSON.parse(value) : node.type === "array" ? value.split(",") : value;

/** The file of a service, with everything that its environment sets merged in. */
const merged = (service: string, file: string, root: Node): Record<string, unknown> => {
  const config = parse(readBundleFile(file));
  const plain = plainValues();
  const secret = createSecretValues();
  const values = { ...plain, ...secret };
  const fill = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
  const lines = readBundleFile(`secrets/${service}.env`).trimEnd().split("\n");
  const secrets = lines.map((l) => [l.slice(0, l.indexOf("=")), l.slice(l.indexOf("=") + 1)] as const);
  const plains = Object.entries(composeServices()[service]?.environment ?? {}).map(
    ([k, v]) => [k, String(v)] as const,
  );
  for (const [name, value] of [...plains, ...secrets]) {
    const found = pathOf(root, root, name);
    expect(found, `${service}: ${name} is no key of v26.2.0`).toBeDefined();
    const [path, node] = found ?? [[], {}];
    const last = path.at(-1) ?? "";
    const parent = path.slice(0, -1).reduce((o, key) => (o[key] ??= {}), config);
    parent[last] = typed(node, fill(value));
  }
  return config;
};

describe.each(["ciam", "iam"])("the configuration of %s", (domain) => {
  it("of Kratos is valid for v26.2.0, with the keys that the environment sets", () => {
    const config = merged(`${domain}-kratos`, `kratos/${domain}/kratos.yml`, schema("kratos-config"));
    expect(kratos(config), JSON.stringify(kratos.errors)).toBe(true);
    expect(kratos({ ...config, unknown: 1 })).toBe(false);
  });
  it("of Hydra is valid for v26.2.0, with the keys that the environment sets", () => {
    const config = merged(`${domain}-hydra`, `hydra/${domain}/hydra.yml`, schema("hydra-config"));
    expect(hydra(config), JSON.stringify(hydra.errors)).toBe(true);
    expect(hydra({ ...config, unknown: 1 })).toBe(false);
  });
  it("names identity schemas that are there and valid for v26.2.0", () => {
    const named = parse(readBundleFile(`kratos/${domain}/kratos.yml`)).identity.schemas as { url: string }[];
    const files = readdirSync(join("host/release/kratos", domain)).filter((f) => f.endsWith(".schema.json"));
    expect(named.map((s) => s.url.split("/").at(-1)).sort()).toEqual(files.sort());
    for (const file of files) {
      const one = JSON.parse(readBundleFile(`kratos/${domain}/${file}`));
      expect(identity(one), `${file}: ${JSON.stringify(identity.errors)}`).toBe(true);
      expect(one.properties.traits.additionalProperties).toBe(false);
    }
  });
});

/** What people may say about themselves: nothing that rights, prices or other people's records hang on. */
const OWN_WORDS = [
  ...["email", "username", "name", "first_name", "last_name", "phone", "date_of_birth"],
  ...["shipping_address", "preferences"],
];
/** Traits that whoever has an identity may write, by the schema's file, though others decide on them. */
const selfGiven = (
  config: { selfservice: { methods: { profile?: { enabled?: boolean } } } },
  schemas: Record<string, { properties: { traits: { properties: object } } }>,
): string[] =>
  // Kratos' default is true.
  config.selfservice.methods.profile?.enabled === false
    ? []
    : Object.entries(schemas).flatMap(([file, { properties }]) =>
        Object.keys(properties.traits.properties)
          .filter((trait) => !OWN_WORDS.includes(trait))
          .map((trait) => `${file}: ${trait}`),
      );

it.each([
  ["ciam", "organizational.schema.json: role"],
  ["ciam", "customer.schema.json: account_status"],
  ["iam", "admin.schema.json: roles"],
])("nobody writes what others decide on about them: %s, %s", (domain, trait) => {
  const config = parse(readBundleFile(`kratos/${domain}/kratos.yml`));
  const files = readdirSync(join("host/release/kratos", domain)).filter((f) => f.endsWith(".schema.json"));
  const schemas = Object.fromEntries(
    files.map((f) => [f, JSON.parse(readBundleFile(`kratos/${domain}/${f}`))]),
  );
  expect(selfGiven(config, schemas)).toEqual([]);
  delete config.selfservice.methods.profile;
  expect(selfGiven(config, schemas)).toContain(trait);
  // Who registers gets the default schema, and fills in all of it.
  expect(
    selfGiven(config, { default: JSON.parse(readBundleFile("kratos/ciam/default.schema.json")) }),
  ).toEqual([]);
});

it("examples of the key table fit their patterns", () => {
  for (const { key, example, pattern } of envKeys)
    expect(example, key).toMatch(new RegExp(pattern ?? "^.+$"));
});
