import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROVIDER_VERSIONS } from "../../../config/load/provider-versions.ts";
import { PACKAGE } from "../bindings.ts";
import { PROVIDER_KEY, pinnedSchema, pinnedVersion, schemaFile, withoutProse } from "../schema.ts";

const printed = (key: string) =>
  JSON.stringify({ format_version: "1.0", provider_schemas: { [key]: { a: 1 } } });

test("prose goes: a description that is a string", () => {
  expect(withoutProse({ type: "string", description: "A name", description_kind: "plain" })).toEqual({
    type: "string",
  });
});

test("an attribute named description stays, without its own prose", () => {
  const rule = {
    attributes: { description: { type: "string", description: "A note", description_kind: "plain" } },
  };
  expect(withoutProse(rule)).toEqual({ attributes: { description: { type: "string" } } });
});

test("prose goes at any depth, inside lists too", () => {
  expect(withoutProse([{ block: { description: "x", deep: [{ description: "y", kept: null }] } }])).toEqual([
    { block: { deep: [{ kept: null }] } },
  ]);
});

test("the pinned schema is a fixed point: reading it again changes nothing", () => {
  const text = readFileSync(schemaFile(PACKAGE, pinnedVersion(PACKAGE)), "utf8");
  expect(pinnedSchema(text)).toBe(text);
  expect(text.match(/"description":\{"type":/g)).toHaveLength(23);
});

test("the key is the same whichever program printed the schema", () => {
  expect(pinnedSchema(printed("registry.opentofu.org/hetznercloud/hcloud"))).toBe(
    pinnedSchema(printed(PROVIDER_KEY)),
  );
});

test("another provider's schema is refused by name", () => {
  expect(() => pinnedSchema(printed("registry.terraform.io/cloudflare/cloudflare"))).toThrow(
    "no schema of hetznercloud/hcloud: found registry.terraform.io/cloudflare/cloudflare",
  );
});

test("output that is no schema document is refused", () => {
  expect(() => pinnedSchema("{}")).toThrow(/format_version/);
});

test("the stacks pin the version that the bindings were made from", () => {
  expect(PROVIDER_VERSIONS.hcloud).toBe(pinnedVersion(PACKAGE));
});
