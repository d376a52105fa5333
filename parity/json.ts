/** Plain data, as JSON carries it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Leaf = null | boolean | number | string;

/** Every leaf by its path. An empty list or object is a leaf too, so that it cannot vanish unseen. */
export type Leaves = ReadonlyMap<string, Leaf>;

/** Says where the state lies, nothing about what is deployed. So does cdktf's metadata, whose key is `//`. */
const BACKEND = "stack.terraform.backend";

/** Flattens a document; `rename` is put over every key and every text. */
export function leaves(document: Json, rename: (text: string) => string = (text) => text): Leaves {
  const found = new Map<string, Leaf>();
  const walk = (value: Json, path: string): void => {
    if (path === BACKEND || path.endsWith('["//"]')) return;
    if (typeof value === "string") found.set(path, rename(value));
    else if (value === null || typeof value !== "object") found.set(path, value);
    else {
      const entries = Object.entries(value);
      if (entries.length === 0) found.set(path, Array.isArray(value) ? "[]" : "{}");
      for (const [key, child] of entries) walk(child, join(path, rename(key)));
    }
  };
  walk(document, "");
  return found;
}

/** A path reads like code: `stack.output.urls`, `bundle["caddy/Caddyfile"]`. */
const join = (path: string, key: string): string =>
  /[.[\]"/]/.test(key) ? `${path}["${key}"]` : path ? `${path}.${key}` : key;

/** The keys of a path. */
export const keysOf = (path: string): string[] =>
  [...path.matchAll(/\["(.*?)"\]|[^.[\]]+/g)].map((m) => m[1] ?? m[0]);
