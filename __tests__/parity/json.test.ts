import fc from "fast-check";
import { expect, test } from "vitest";
import { type Json, keysOf, leaves } from "../../parity/json.ts";

test("a path reads like code and can be read back", () => {
  const paths = leaves({ bundle: { "caddy/Caddyfile": "x", 'a"b]': 1, "": 2, list: [{ a: 1 }] } });
  expect(paths.map(({ path }) => path)).toEqual([
    'bundle["caddy/Caddyfile"]',
    'bundle["a\\"b]"]',
    'bundle[""]',
    "bundle.list[0].a",
  ]);
  expect(paths.map(({ path }) => keysOf(path))).toEqual(paths.map(({ keys }) => keys));
  expect(paths.map(({ keys }) => keys)).toEqual([
    ["bundle", "caddy/Caddyfile"],
    ["bundle", 'a"b]'],
    ["bundle", ""],
    ["bundle", "list", 0, "a"],
  ]);
});

test("a list is no object with numbers for keys", () => {
  const [[list], [object]] = [leaves({ x: ["a"] }), leaves({ x: { 0: "a" } })];
  expect(list?.path).not.toBe(object?.path);
});

test("empty lists and objects are leaves", () => {
  expect(leaves({ a: [], b: {}, c: null }).map(({ path, value }) => [path, value])).toEqual([
    ["a", "[]"],
    ["b", "{}"],
    ["c", null],
  ]);
});

test("documents have the same leaves only if they are the same", () => {
  const documents = fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json);
  const flat = (value: Json) =>
    JSON.stringify(
      leaves({ value })
        .map(({ path, value }) => [path, value])
        .sort(),
    );
  const sorted = (value: Json): string =>
    JSON.stringify(value, (_, v) =>
      v && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v,
    );
  fc.assert(
    fc.property(documents, documents, (a, b) => {
      expect(flat(a) === flat(b)).toBe(sorted(a) === sorted(b));
    }),
    { seed: 1, numRuns: 500 },
  );
});
