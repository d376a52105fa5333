import { cutAtLists } from "./difference.ts";
import type { DocumentFinding } from "./finding.ts";
import { type Json, keysOf, type Leaf, leaves } from "./json.ts";

/** A number that the most generous of a zone's environments decides: the zone cannot tell them apart by host. */
const LOOSEST = ["requests_per_period"];

/**
 * A zone has its rules once, whoever shares it. What they share must be what each would have alone, put together: lists in
 * texts are the union, limits the loosest, all else the same in each. Pure.
 */
export function compositionFindings(
  zone: string,
  composed: Json,
  alone: Readonly<Record<string, Json>>,
): DocumentFinding[] {
  const parts = Object.entries(alone).map(([name, document]) => ({ name, leaves: byPath(document) }));
  const whole = byPath(composed);
  const paths = [...new Set([...whole.keys(), ...parts.flatMap((part) => [...part.leaves.keys()])])].sort();
  return paths.flatMap((path) => {
    const needed = parts.map((part) => part.leaves.get(path));
    const expected = together(path, needed);
    const found = whole.get(path);
    if (expected !== DISAGREE && isSame(expected, found)) return [];
    const each = parts.map(({ name, leaves }) => `${name} ${JSON.stringify(leaves.get(path)) ?? "absent"}`);
    const disagrees = expected === DISAGREE;
    return [
      {
        law: "composition" as const,
        stack: zone,
        path,
        expected: disagrees ? each.join("; ") : expected,
        found,
        message: disagrees
          ? "its environments need different things here, and the zone has it once"
          : "a shared zone holds what each of its environments needs alone: the union of hosts, the loosest limit",
      },
    ];
  });
}

const byPath = (document: Json): ReadonlyMap<string, Leaf> =>
  new Map(leaves(document).map(({ path, value }) => [path, value]));

const DISAGREE = Symbol("they cannot both be had");

function together(path: string, needed: readonly (Leaf | undefined)[]): Leaf | undefined | typeof DISAGREE {
  const [first] = needed;
  if (needed.every((value) => value === first)) return first;
  if (needed.every((value) => typeof value === "number") && LOOSEST.includes(String(keysOf(path).at(-1))))
    return Math.max(...needed.map(Number));
  if (!needed.every((value) => typeof value === "string")) return DISAGREE;
  const texts = needed.map((value) => cutAtLists(String(value)));
  if (texts.some(({ around }) => around !== texts[0]?.around)) return DISAGREE;
  const lists = (texts[0]?.lists ?? []).map((_, i) =>
    [...new Set(texts.flatMap(({ lists }) => lists[i] ?? []))].sort(),
  );
  return (texts[0]?.around ?? "").split("{}").reduce((text, rest, i) => {
    return `${text}{${lists[i - 1]?.join(" ")}}${rest}`;
  });
}

/** The order of a list in a text says nothing. */
function isSame(a: Leaf | undefined, b: Leaf | undefined): boolean {
  if (typeof a !== "string" || typeof b !== "string") return a === b;
  const [one, other] = [cutAtLists(a), cutAtLists(b)];
  return one.around === other.around && one.lists.every((list, i) => sorted(list) === sorted(other.lists[i]));
}
const sorted = (items: readonly string[] = []): string => JSON.stringify([...items].sort());
