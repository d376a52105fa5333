import { type Json, type Key, type Leaf, leaves } from "./json.ts";
import { comparable, type Rendering, sameInNames } from "./rendering.ts";

/** A leaf that two documents do not share. `undefined` stands for a leaf that is not there. */
export interface LeafDifference {
  readonly path: string;
  readonly keys: readonly Key[];
  readonly left: Leaf | undefined;
  readonly right: Leaf | undefined;
}

/** The same, with what a bound asks about it. */
export interface Difference extends LeafDifference {
  /** Whether both are texts, and equal once the one's names are written as the other's. */
  readonly textOnly: () => boolean;
  /** Whether both are texts, and the right one's lists (`{"a" "b"}`) hold some of its own hosts besides. */
  readonly addsOwnHosts: () => boolean;
  /** Whether nothing of what the first `depth` keys of the path lead to stands on the left. */
  readonly isNewBelow: (depth: number) => boolean;
  /** Whether the left holds anything at the keys. */
  readonly leftHas: (keys: readonly Key[]) => boolean;
}

/** Every leaf in which `right` differs from `left`, in the order of their paths. */
export function differences(left: Rendering, right: Rendering): Difference[] {
  const [document, other] = comparable(left, right);
  const found = leafDifferences(document, other);
  if (found.length === 0) return [];
  const sameText = sameInNames(left, right);
  const leftHas = (keys: readonly Key[]): boolean => at(document, keys) !== undefined;
  return found.map((difference) => {
    const { keys, left: a, right: b } = difference;
    const texts = typeof a === "string" && typeof b === "string";
    return {
      ...difference,
      textOnly: () => texts && sameText(a, b),
      addsOwnHosts: () => texts && addsOnly(a, b, new Set(Object.values(right.vocabulary))),
      isNewBelow: (depth) => b !== undefined && !leftHas(keys.slice(0, depth)),
      leftHas,
    };
  });
}

/** Every leaf that two documents do not share, in the order of their paths. Both are walked at once: what they share costs little. */
export function leafDifferences(
  was: Json | undefined,
  is: Json | undefined,
  below: readonly Key[] = [],
): LeafDifference[] {
  const found: LeafDifference[] = [];
  const compare = (a: Json | undefined, b: Json | undefined, keys: readonly Key[]): void => {
    if (a === b) return;
    if (isContainer(a) && isContainer(b) && Array.isArray(a) === Array.isArray(b)) {
      for (const key of keysOfBoth(a, b)) compare(child(a, key), child(b, key), [...keys, key]);
      return;
    }
    const [left, right] = [leaves(a, keys), leaves(b, keys)];
    for (const { path, keys, value } of left)
      found.push({ path, keys, left: value, right: right.find((leaf) => leaf.path === path)?.value });
    for (const { path, keys, value } of right)
      if (!left.some((leaf) => leaf.path === path)) found.push({ path, keys, left: undefined, right: value });
  };
  compare(was, is, below);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

type Container = Exclude<Json, Leaf>;
export const isContainer = (value: Json | undefined): value is Container =>
  typeof value === "object" && value !== null;

/** A part of a container by its key. */
export const child = (container: Container, key: Key): Json | undefined =>
  (container as { readonly [key: Key]: Json | undefined })[key];

/** The keys of either of two containers of one kind. */
export function keysOfBoth(a: Container, b: Container): readonly Key[] {
  if (Array.isArray(a) && Array.isArray(b))
    return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i);
  const keys = Object.keys(a);
  return [...keys, ...Object.keys(b).filter((key) => !Object.hasOwn(a, key))];
}

const at = (document: Json, keys: readonly Key[]): Json | undefined =>
  keys.reduce<Json | undefined>(
    (value, key) => (isContainer(value) ? child(value, key) : undefined),
    document,
  );

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
