/** Plain data, as JSON carries it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Leaf = null | boolean | number | string;

/** Every leaf by its path. An empty list or object is a leaf too, so that it cannot vanish unseen. */
export type Leaves = ReadonlyMap<string, Leaf>;

/** One step of a path: a key of an object, or an index of a list. */
export type Key = string | number;

/** What is put over every key, and over every text. */
export interface Renaming {
  readonly key?: (key: string) => string;
  readonly text?: (text: string) => string;
}

const asItIs = (text: string): string => text;

/** Flattens a document, whole. */
export function leaves(document: Json, { key: renameKey = asItIs, text = asItIs }: Renaming = {}): Leaves {
  const found = new Map<string, Leaf>();
  const walk = (value: Json, path: string): void => {
    if (typeof value === "string") found.set(path, text(value));
    else if (value === null || typeof value !== "object") found.set(path, value);
    else if (Array.isArray(value)) {
      if (value.length === 0) found.set(path, "[]");
      for (const [index, child] of value.entries()) walk(child as Json, `${path}[${index}]`);
    } else {
      const entries = Object.entries(value);
      if (entries.length === 0) found.set(path, "{}");
      for (const [key, child] of entries) walk(child, join(path, renameKey(key)));
    }
  };
  walk(document, "");
  return found;
}

/** A path reads like code: `stack.output.urls`, `rules[0].action`, `bundle["caddy/Caddyfile"]`. */
const join = (path: string, key: string): string =>
  /[.[\]"/]/.test(key) || key === "" ? `${path}[${JSON.stringify(key)}]` : path ? `${path}.${key}` : key;

/** The keys of a path; those of lists are numbers, so that `["a"]` and `{"0": "a"}` are two things. */
export const keysOf = (path: string): Key[] =>
  [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|[^.[\]]+/g)].map(([whole, index, quoted]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? String(JSON.parse(quoted)) : whole,
  );
