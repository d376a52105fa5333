import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cloudflareAddress, cloudflareSchema, packageDirectory } from "../index.ts";
import { type Attribute, attributesOf, readSchema, type Type } from "../schema.ts";
import { fromJson, fromState, pack, toJson, unknown, unpack } from "../values.ts";

const file = join(packageDirectory(), cloudflareSchema);
const schema = readSchema(file, cloudflareAddress);
const attributes = Object.values(schema.resource_schemas).flatMap((entry) =>
  Object.values(attributesOf(entry)),
);

/** JSON as an API would answer it for the attribute. */
function jsonOf({ type, nested_type: nested }: Attribute): fc.Arbitrary<unknown> {
  if (!nested) return jsonOfType(type ?? "dynamic");
  const fields = Object.entries(nested.attributes ?? {}).map(([name, of]) => [name, jsonOf(of)]);
  const one = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  if (nested.nesting_mode === "single") return one;
  return nested.nesting_mode === "map" ? fc.dictionary(fc.string(), one) : fc.array(one, { maxLength: 3 });
}

function jsonOfType(type: Type): fc.Arbitrary<unknown> {
  if (type === "string") return fc.string();
  if (type === "number") return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  if (type === "bool") return fc.boolean();
  if (type === "dynamic")
    return fc.oneof(fc.string(), fc.integer(), fc.dictionary(fc.string(), fc.boolean()));
  if (typeof type === "string") throw new Error(`no such type: ${type}`);
  if (type[0] === "object")
    return fc.record(Object.fromEntries(Object.entries(type[1]).map(([k, t]) => [k, jsonOfType(t)])));
  const of = jsonOfType(type[1]);
  return type[0] === "map" ? fc.dictionary(fc.string(), of) : fc.array(of, { maxLength: 3 });
}

const sample = fc
  .constantFrom(...attributes)
  .chain((attribute) => jsonOf(attribute).map((json) => ({ attribute, json })));
const plain = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

test("what the API says survives the way through Terraform's encoding and back", () => {
  fc.assert(
    fc.property(sample, ({ attribute, json }) => {
      const value = unpack(pack(fromJson(attribute, json)));
      expect(plain(toJson(attribute, value))).toEqual(plain(json));
    }),
    { numRuns: 1500 },
  );
});

test("unknown, null and a dynamic of the state file", () => {
  expect(unpack(pack({ id: unknown, name: null }))).toEqual({ id: unknown, name: null });
  const state = fromState({ value: { type: "dynamic" } }, { value: { type: "string", value: "strict" } });
  expect(state).toEqual(
    fromState({ value: { type: "dynamic" } }, { value: { value: "strict", type: "string" } }),
  );
  expect(state).toEqual({ value: [Buffer.from('"string"'), "strict"] });
});

test("a schema is found under either registry's host, and a missing one is named", () => {
  expect(readSchema(file, "registry.opentofu.org/cloudflare/cloudflare")).toEqual(schema);
  expect(() => readSchema(file, "registry.terraform.io/hetznercloud/hcloud")).toThrow(
    /no schema of .*hcloud. It holds: registry.terraform.io\/cloudflare\/cloudflare/,
  );
});
