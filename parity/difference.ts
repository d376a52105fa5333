import { keysOf, type Leaf, type Leaves } from "./json.ts";
import { normalise, type Rendering, sameInNames } from "./rendering.ts";

/** A leaf that two renderings do not share. `undefined` stands for a leaf that is not there. */
export interface Difference {
  readonly path: string;
  readonly left: Leaf | undefined;
  readonly right: Leaf | undefined;
  /** Both are texts, and equal once the one's names are written as the other's. */
  readonly textOnly: boolean;
  /** Whether nothing of what the first `depth` keys of the path lead to stands on the left. */
  readonly isNewBelow: (depth: number) => boolean;
}

/** Every leaf in which `right` differs from `left`, in the order of their paths. */
export function differences(left: Rendering, right: Rendering): Difference[] {
  const [was, is] = [normalise(left), normalise(right)];
  const sameText = sameInNames(left, right);
  const stems = new Map<number, Set<string>>();
  const stemsOf = (depth: number): Set<string> => {
    const known = stems.get(depth) ?? new Set([...was.keys()].map((path) => stem(path, depth)));
    stems.set(depth, known);
    return known;
  };
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path) && !filled(path, was, is) && !filled(path, is, was))
    .sort()
    .map((path) => {
      const [a, b] = [was.get(path), is.get(path)];
      return {
        path,
        left: a,
        right: b,
        textOnly: typeof a === "string" && typeof b === "string" && sameText(a, b),
        isNewBelow: (depth) => b !== undefined && !stemsOf(depth).has(stem(path, depth)),
      };
    });
}

/** An empty list or object that holds something on the other side: what it holds is the difference, not the emptiness. */
const filled = (path: string, empty: Leaves, full: Leaves): boolean =>
  (empty.get(path) === "{}" || empty.get(path) === "[]") &&
  !full.has(path) &&
  [...full.keys()].some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`));

const stem = (path: string, depth: number): string => JSON.stringify(keysOf(path).slice(0, depth));
