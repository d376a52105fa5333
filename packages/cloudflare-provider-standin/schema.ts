import { readFileSync } from "node:fs";

/** A type in Terraform's JSON form: `"string"`, `["list","string"]`, `["object",{…}]`, `"dynamic"`. */
export type Type =
  | string
  | readonly ["list" | "set" | "map", Type]
  | readonly ["object", Record<string, Type>];

export type Nesting = "single" | "list" | "set" | "map";

export interface Attribute {
  readonly type?: Type;
  readonly nested_type?: { readonly nesting_mode: Nesting; readonly attributes?: Attributes };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly deprecated?: boolean;
}
export type Attributes = Readonly<Record<string, Attribute>>;

interface Entry {
  readonly version?: number;
  readonly block: { readonly attributes?: Attributes; readonly block_types?: object };
}

/** The schema of one provider, as `terraform providers schema -json` prints it. */
export interface ProviderSchema {
  readonly provider: Entry;
  readonly resource_schemas: Readonly<Record<string, Entry>>;
  readonly data_source_schemas: Readonly<Record<string, Entry>>;
}

/**
 * Reads the schema of the provider at `address` (`registry.terraform.io/cloudflare/cloudflare`) from a pinned file.
 * Throws, naming the file, when the provider is not in it or uses nested blocks, which no v5 resource does.
 */
export function readSchema(path: string, address: string): ProviderSchema {
  const file: { provider_schemas?: Record<string, ProviderSchema> } = JSON.parse(readFileSync(path, "utf8"));
  const schemas = file.provider_schemas ?? {};
  // Terraform and OpenTofu name the same provider under different hosts.
  const name = (of: string) => of.split("/").slice(-2).join("/");
  const schema = Object.entries(schemas).find(([key]) => name(key) === name(address))?.[1];
  if (!schema) {
    const known = Object.keys(schemas).join(", ") || "none";
    throw new Error(`${path}: no schema of ${address}. It holds: ${known}.`);
  }
  const entries = { ...schema.resource_schemas, ...schema.data_source_schemas, provider: schema.provider };
  for (const [name, { block }] of Object.entries(entries)) {
    if (block.block_types)
      throw new Error(`${path}: ${name} has nested blocks, which the stand-in cannot serve.`);
  }
  return schema;
}

/** The attributes of a resource, data source or provider. */
export const attributesOf = (entry: Entry | undefined): Attributes => entry?.block.attributes ?? {};

/** The schema in the form of the plugin protocol. */
export function schemaMessage(schema: ProviderSchema) {
  return {
    provider: message(schema.provider),
    resource_schemas: mapValues(schema.resource_schemas, message),
    data_source_schemas: mapValues(schema.data_source_schemas, message),
  };
}

const message = (entry: Entry) => ({
  version: entry.version ?? 0,
  block: { attributes: Object.entries(attributesOf(entry)).map(attributeMessage) },
});

function attributeMessage([name, { type, nested_type, ...flags }]: [string, Attribute]): object {
  if (!nested_type) return { name, ...flags, type: Buffer.from(JSON.stringify(type)) };
  const attributes = Object.entries(nested_type.attributes ?? {}).map(attributeMessage);
  return { name, ...flags, nested_type: { nesting: nested_type.nesting_mode.toUpperCase(), attributes } };
}

const mapValues = <V, W>(of: Readonly<Record<string, V>>, with_: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, with_(value)]));
