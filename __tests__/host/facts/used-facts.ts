import type { Mutation } from "./catalogue-mutations.ts";
import type { Outcome } from "./mutation-run.ts";

/** For each fact that somebody uses, by name, the readers that told its change. */
export type UsedFacts = ReadonlyMap<string, readonly string[]>;

const readersThatDiffer = (one: Outcome, other: Outcome): string[] =>
  Object.keys(one).filter((name) => one[name] !== other[name]);

const inGroups = (mutations: readonly Mutation[]): Mutation[][] => {
  const groups = new Map<string, Mutation[]>();
  for (const mutation of mutations) {
    const [kind, , ...what] = mutation.fact.split(" ");
    const key = `${mutation.table} ${kind} ${what.at(-1)}`;
    groups.set(key, [...(groups.get(key) ?? []), mutation]);
  }
  return [...groups.values()];
};

const joined = (mutations: readonly Mutation[]): string => mutations.map(({ sql }) => sql).join("; ");

/** Those that a reader complains about by the name of their column; written down as used. */
function namedIn(outcome: Outcome, group: readonly Mutation[], used: Map<string, string[]>): Mutation[] {
  return group.filter(({ fact }) => {
    const place = /^column (\S+) /.exec(fact)?.[1];
    const tellers = Object.keys(outcome).filter(
      (name) =>
        place !== undefined && new RegExp(`^column ${place}(_other)? `, "m").test(outcome[name] ?? ""),
    );
    if (tellers.length > 0) used.set(fact, tellers);
    return tellers.length > 0;
  });
}

/**
 * Finds the facts that readers use, by changing many at once: what nobody notices together nobody uses, and what somebody
 * notices is what it names, or halved until it is one fact. `run`: what each reader makes of each change. A single one is held against its control.
 */
export function usedFacts(
  mutations: readonly Mutation[],
  run: (changes: readonly string[]) => readonly Outcome[],
): UsedFacts {
  const [sound = {}] = run(["SELECT 1 WHERE false"]);
  const used = new Map<string, string[]>();
  let groups = inGroups(mutations);
  const alone: Mutation[] = [];
  while (groups.length > 0) {
    const outcomes = run(groups.map(joined));
    groups = groups.flatMap((group, i) => {
      const outcome = outcomes[i] ?? {};
      const differ = readersThatDiffer(outcome, sound);
      if (differ.length === 0) return [];
      const [only] = group;
      if (group.length > 1) {
        const named = namedIn(outcome, group, used);
        const left = group.filter((one) => !named.includes(one));
        if (named.length > 0) return left.length > 0 ? [left] : [];
        const half = Math.ceil(group.length / 2);
        return [group.slice(0, half), group.slice(half)];
      }
      if (only?.control) alone.push(only);
      else if (only) used.set(only.fact, differ);
      return [];
    });
  }
  const changes = alone.flatMap(({ sql, control = "" }) => [sql, control]);
  const told = changes.length > 0 ? run(changes) : [];
  for (const [i, { fact }] of alone.entries()) {
    const differ = readersThatDiffer(told[2 * i] ?? {}, told[2 * i + 1] ?? {});
    if (differ.length > 0) used.set(fact, differ);
  }
  return used;
}
