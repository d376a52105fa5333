import fc from "fast-check";
import { expect, test } from "vitest";
import { type Json, keysOf, leaves } from "../../parity/json.ts";

test("a path reads like code and can be read back", () => {
  const paths = leaves({ bundle: { "caddy/Caddyfile": "x", list: [{ a: 1 }] } });
  expect([...paths.keys()]).toEqual(['bundle["caddy/Caddyfile"]', "bundle.list.0.a"]);
  expect([...paths.keys()].map(keysOf)).toEqual([
    ["bundle", "caddy/Caddyfile"],
    ["bundle", "list", "0", "a"],
  ]);
});

test("empty lists and objects are leaves", () => {
  expect([...leaves({ a: [], b: {}, c: null })]).toEqual([
    ["a", "[]"],
    ["b", "{}"],
    ["c", null],
  ]);
});

test("documents with the same leaves are the same", () => {
  const documents = fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json);
  fc.assert(
    fc.property(documents, documents, (a, b) => {
      const same = JSON.stringify([...leaves({ a })].sort()) === JSON.stringify([...leaves({ a: b })].sort());
      if (JSON.stringify(a) === JSON.stringify(b)) expect(same).toBe(true);
    }),
  );
});
