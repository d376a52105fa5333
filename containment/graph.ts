/** What a right means for the environment it is about. An inventory tells what there is, and neither data nor secrets of it. */
export type Means = "write" | "data" | "secrets" | "inventory";

/** A right to something: whose it is, what it is, and what it means to have it. */
export interface Right {
  /** The environment, or nothing for what belongs to none (the issues of the repository). */
  readonly of?: string;
  readonly what: string;
  readonly means: Means;
}

/**
 * One step of an attack: who has the one has the other. Places and credentials are named by what they are; a step ends in another of them
 * or in a right. `entry`: what a team may accept knowingly, by its name in the table of entries.
 */
export interface AttackStep {
  readonly from: string;
  readonly to: string | Right;
  readonly entry?: string;
}

/** A right, and the places and credentials on the shortest way to it. */
export interface Reached {
  readonly right: Right;
  readonly path: readonly string[];
  /** Entries on the way. */
  readonly entries: readonly string[];
}

export const rightName = ({ of, what, means }: Right): string =>
  `${means === "write" ? "write" : `read (${means})`} ${what}${of ? ` of ${of}` : ""}`;

/**
 * Everything that whoever has `start` reaches, each right by the shortest path for every set of entries that it needs: what is open
 * through one entry may be open through another besides, and what needs none needs no second path.
 */
export function closure(steps: readonly AttackStep[], start: readonly string[]): Reached[] {
  const byPlace = new Map<string, AttackStep[]>();
  for (const step of steps) byPlace.set(step.from, [...(byPlace.get(step.from) ?? []), step]);
  const named = (name: string, entries: readonly string[]) => [name, ...entries].join("\n");
  const paths = new Map<string, Omit<Reached, "right">>(
    start.map((place) => [named(place, []), { path: [place], entries: [] }]),
  );
  const reached = new Map<string, Reached>();
  // A Map that grows while it is walked is a queue: breadth first.
  for (const { path, entries } of paths.values())
    for (const { to, entry } of byPlace.get(path.at(-1) ?? "") ?? []) {
      const through = entry ? [...new Set([...entries, entry])].sort() : entries;
      const name = typeof to === "string" ? to : rightName(to);
      const next = { path: [...path, name], entries: through };
      const key = named(name, through);
      if (typeof to === "string") paths.set(key, paths.get(key) ?? next);
      else reached.set(key, reached.get(key) ?? { right: to, ...next });
    }
  const all = [...reached.values()];
  return all.filter((one) => !all.some((other) => needsLess(other, one)));
}

/** Whether it is the same right, open through some of the other's entries and not all of them. */
const needsLess = (one: Reached, other: Reached): boolean =>
  rightName(one.right) === rightName(other.right) &&
  one.entries.length < other.entries.length &&
  one.entries.every((entry) => other.entries.includes(entry));
