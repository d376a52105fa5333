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

/** Everything that whoever has `start` reaches by steps that `passes` lets through, each by its shortest path. */
export function closure(
  steps: readonly AttackStep[],
  start: readonly string[],
  passes: (step: AttackStep) => boolean,
): Reached[] {
  const byPlace = new Map<string, AttackStep[]>();
  for (const step of steps.filter(passes)) byPlace.set(step.from, [...(byPlace.get(step.from) ?? []), step]);
  const paths = new Map(start.map((place) => [place, { path: [place], entries: [] as string[] }]));
  const reached = new Map<string, Reached>();
  for (const [place, { path, entries }] of paths)
    for (const { to, entry } of byPlace.get(place) ?? []) {
      const through = entry ? [...new Set([...entries, entry])] : entries;
      if (typeof to === "string") {
        // A Map that grows while it is walked is a queue: breadth first.
        if (!paths.has(to)) paths.set(to, { path: [...path, to], entries: through });
        continue;
      }
      const name = rightName(to);
      if (!reached.has(name)) reached.set(name, { right: to, path: [...path, name], entries: through });
    }
  return [...reached.values()];
}
