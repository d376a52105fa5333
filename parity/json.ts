/** Plain data, as JSON carries it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Leaf = null | boolean | number | string;

/** One step of a path: a key of an object, or an index of a list. */
export type Key = string | number;

/** A value that holds no other, with where it stands. */
export interface PlacedLeaf {
  readonly path: string;
  readonly keys: readonly Key[];
  readonly value: Leaf;
}

/** Every leaf of a document that stands at `keys`. An empty list or object is a leaf too, so that it cannot vanish unseen. */
export function leaves(document: Json | undefined, keys: readonly Key[] = []): PlacedLeaf[] {
  const found: PlacedLeaf[] = [];
  const walk = (value: Json | undefined, keys: readonly Key[], path: string): void => {
    if (value === undefined) return;
    if (value === null || typeof value !== "object") found.push({ path, keys, value });
    else if (Array.isArray(value)) {
      if (value.length === 0) found.push({ path, keys, value: "[]" });
      for (const [index, child] of value.entries())
        walk(child as Json, [...keys, index], `${path}[${index}]`);
    } else {
      const entries = Object.entries(value);
      if (entries.length === 0) found.push({ path, keys, value: "{}" });
      for (const [key, child] of entries) walk(child, [...keys, key], join(path, key));
    }
  };
  walk(document, keys, pathOf(keys));
  return found;
}

/** A path reads like code: `stack.output.urls`, `rules[0].action`, `bundle["caddy/Caddyfile"]`. */
const join = (path: string, key: string): string =>
  !PLAIN.test(key) ? `${path}[${JSON.stringify(key)}]` : path ? `${path}.${key}` : key;
const PLAIN = /^[^.[\]"/]+$/;

/** The path of keys. */
export const pathOf = (keys: readonly Key[]): string =>
  keys.reduce<string>((path, key) => (typeof key === "number" ? `${path}[${key}]` : join(path, key)), "");

/** The keys of a path; those of lists are numbers, so that `["a"]` and `{"0": "a"}` are two things. */
export const keysOf = (path: string): Key[] =>
  [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|[^.[\]]+/g)].map(([whole, index, quoted]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? String(JSON.parse(quoted)) : whole,
  );
