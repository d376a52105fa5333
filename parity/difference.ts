import { type Key, keysOf, type Leaf, type Leaves } from "./json.ts";
import { leavesOf, type Rendering, sameInNames } from "./rendering.ts";

/** A leaf that two renderings do not share. `undefined` stands for a leaf that is not there. */
export interface LeafDifference {
  readonly path: string;
  readonly left: Leaf | undefined;
  readonly right: Leaf | undefined;
}

/** The same, with what a bound asks about it. */
export interface Difference extends LeafDifference {
  readonly keys: readonly Key[];
  /** Both are texts, and equal once the one's names are written as the other's. */
  readonly textOnly: boolean;
  /** Both are texts, and the right one's lists (`{"a" "b"}`) hold some of its own hosts besides. */
  readonly addsOwnHosts: boolean;
  /** Whether nothing of what the first `depth` keys of the path lead to stands on the left. */
  readonly isNewBelow: (depth: number) => boolean;
  /** Whether the left holds anything at or below the keys. */
  readonly leftHas: (keys: readonly Key[]) => boolean;
}

/** Every leaf in which `right` differs from `left`, in the order of their paths. */
export function differences(left: Rendering, right: Rendering): Difference[] {
  const [was, is] = [leavesOf(left), leavesOf(right)];
  const sameText = sameInNames(left, right);
  const stems = new Map<number, Set<string>>();
  const stemsOf = (depth: number): Set<string> => {
    const known = stems.get(depth) ?? new Set([...was.keys()].map((path) => stem(keysOf(path), depth)));
    stems.set(depth, known);
    return known;
  };
  const leftHas = (keys: readonly Key[]): boolean => stemsOf(keys.length).has(stem(keys, keys.length));
  return leafDifferences(was, is).map(({ path, left: a, right: b }) => {
    const keys = keysOf(path);
    const texts = typeof a === "string" && typeof b === "string";
    return {
      path,
      left: a,
      right: b,
      keys,
      textOnly: texts && sameText(a, b),
      addsOwnHosts: texts && addsOnly(a, b, new Set(Object.values(right.vocabulary))),
      isNewBelow: (depth) => b !== undefined && !leftHas(keys.slice(0, depth)),
      leftHas,
    };
  });
}

/** Every leaf that two documents do not share, in the order of their paths. */
export const leafDifferences = (was: Leaves, is: Leaves): LeafDifference[] =>
  [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path) && !filled(path, was, is) && !filled(path, is, was))
    .sort()
    .map((path) => ({ path, left: was.get(path), right: is.get(path) }));

/** An empty list or object that holds something on the other side: what it holds is the difference, not the emptiness. */
const filled = (path: string, empty: Leaves, full: Leaves): boolean =>
  (empty.get(path) === "{}" || empty.get(path) === "[]") &&
  !full.has(path) &&
  [...full.keys()].some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`));

const stem = (keys: readonly Key[], depth: number): string => JSON.stringify(keys.slice(0, depth));

/** A list of Cloudflare's rules language: `{"a.example" "b.example"}`, `{192.0.2.0/24}`. */
const LIST = /\{[^{}]*\}/g;

/** The text around its lists, and the items of each list. */
export function cutAtLists(text: string): { around: string; lists: string[][] } {
  const lists = [...text.matchAll(LIST)].map(([list]) => list.slice(1, -1).split(/\s+/).filter(Boolean));
  return { around: text.replaceAll(LIST, "{}"), lists };
}

function addsOnly(a: string, b: string, own: ReadonlySet<string>): boolean {
  const [was, is] = [cutAtLists(a), cutAtLists(b)];
  if (was.around !== is.around) return false;
  return is.lists.every((items, i) => {
    const before = was.lists[i] ?? [];
    const isOwn = (item: string): boolean => /^".*"$/.test(item) && own.has(item.slice(1, -1));
    return before.every((item) => items.includes(item)) && items.every((x) => before.includes(x) || isOwn(x));
  });
}
