import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** The provider's short name and its source address, as Terraform configuration writes them. */
export const PROVIDER = { name: "hcloud", source: "hetznercloud/hcloud" } as const;

/** The key of the provider in a schema document, whichever program wrote it. */
export const PROVIDER_KEY = `registry.terraform.io/${PROVIDER.source}`;

const document = z.object({
  format_version: z.string(),
  provider_schemas: z.record(z.string(), z.json()),
});

/** The file in which `folder` keeps the schema of one provider version. */
export const schemaFile = (folder: string, version: string): string =>
  join(folder, "schemas", `${PROVIDER.name}-${version}.json`);

/** The provider version that the package in `folder` is pinned to: its own version. */
export function pinnedVersion(folder: string): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return manifest.version;
}

export const writeJson = (file: string, value: unknown): void =>
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

/**
 * Drops the prose from a schema. Only a `description` whose value is a string is prose:
 * 23 attributes of this provider are themselves named `description`, and theirs are objects.
 */
export function withoutProse(value: z.core.util.JSONType): z.core.util.JSONType {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(
    ([key, child]) => !(isProseKey(key) && typeof child === "string"),
  );
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutProse(child)]));
}

const isProseKey = (key: string) => key === "description" || key === "description_kind";

/**
 * The text that the package keeps of what `terraform providers schema -json` printed: one line, no prose.
 * @throws when the output is no schema document, or not of this provider
 */
export function pinnedSchema(output: string): string {
  const { format_version, provider_schemas } = document.parse(JSON.parse(output));
  const keys = Object.keys(provider_schemas);
  // OpenTofu names its own registry in the key; the provider is the same.
  const key = keys.find((k) => k.endsWith(`/${PROVIDER.source}`));
  const schema = key === undefined ? undefined : provider_schemas[key];
  if (schema === undefined)
    throw new Error(`no schema of ${PROVIDER.source}: found ${keys.join(", ") || "none"}`);
  return `${JSON.stringify({ format_version, provider_schemas: { [PROVIDER_KEY]: withoutProse(schema) } })}\n`;
}
