import { DISTINCT, IDENTITY, NAMED } from "./bounds.ts";
import { child, isContainer, keysOfBoth, type LeafDifference, leafDifferences } from "./difference.ts";
import type { ParityFinding } from "./finding.ts";
import { type Json, type Key, pathOf } from "./json.ts";
import { pathMatcher } from "./pattern.ts";
import { holdsName, type NamedRendering, type Rendering, renamed } from "./rendering.ts";

type Found = Omit<ParityFinding, "stack">;

/** An environment asked for its name: it must be what it is under any other, and name itself only where it may. */
export function identityFindings({ own, neutral }: NamedRendering): Found[] {
  const rename = renamed(neutral, own);
  const holds = holdsName(neutral.name);
  const found: Found[] = [];
  const report = (difference: Pick<LeafDifference, "path" | "left" | "right">, message: string) =>
    found.push({
      law: "identity",
      path: difference.path,
      reference: difference.left,
      mirror: difference.right,
      causes: [],
      message,
    });
  const branches = `${own.name} is not what OlympusStack makes under another name: the code asks which environment it is in, or changes the stack afterwards`;
  // Both at once, the neutral one's keys and texts under the environment's own name.
  const compare = (
    value: Json | undefined,
    is: Json | undefined,
    keys: readonly Key[],
    named: boolean,
  ): void => {
    if (isContainer(value) && isContainer(is) && Array.isArray(value) === Array.isArray(is)) {
      const ofNeutral = Object.keys(value);
      const ofOwn = new Set<string>();
      for (const key of ofNeutral) {
        const isNamed = holds(key);
        const own = isNamed ? rename(key) : key;
        ofOwn.add(own);
        const step = Array.isArray(value) ? Number(key) : key;
        compare(child(value, step), child(is, own), [...keys, step], named || isNamed);
      }
      for (const key of Object.keys(is))
        if (!ofOwn.has(key))
          compare(undefined, child(is, key), [...keys, Array.isArray(is) ? Number(key) : key], named);
      return;
    }
    const holdsIt = typeof value === "string" && holds(value);
    const should = typeof value === "string" ? rename(value) : value;
    if (should !== is)
      for (const { path, left, right } of leafDifferences(should, is, keys))
        report({ path: rename(path), left, right }, branches);
    if ((named || holdsIt) && value !== undefined && !MAY_NAME.some((isAt) => isAt(keys)))
      report(
        { path: rename(pathOf(keys)), left: undefined, right: isContainer(should) ? undefined : should },
        "the environment's name may not stand here; parity/bounds.ts says where it may",
      );
    for (const [part, text] of Object.entries(neutral.identity))
      if (typeof value === "string" && value.includes(text) && !MAY_SHOW[part]?.some((isAt) => isAt(keys)))
        report(
          { path: rename(pathOf(keys)), left: undefined, right: should as string },
          `its ${part} may not stand here; parity/bounds.ts says where it may`,
        );
  };
  compare(neutral.document, own.document, [], false);
  return found;
}

const MAY_NAME = NAMED.map(pathMatcher);
const MAY_SHOW = Object.fromEntries(
  Object.entries(IDENTITY).map(([part, where]) => [part, where.map(pathMatcher)]),
);
const MUST_DIFFER = DISTINCT.map(({ where, why }) => ({ isAt: pathMatcher(where), why }));

/** What two environments share that no two may. */
export function sharedFindings(one: Rendering, other: Rendering): ParityFinding[] {
  const found: ParityFinding[] = [];
  const compare = (a: Json | undefined, b: Json | undefined, keys: readonly Key[]): void => {
    if (isContainer(a) && isContainer(b)) {
      for (const key of keysOfBoth(a, b)) compare(child(a, key), child(b, key), [...keys, key]);
      return;
    }
    if (a === undefined || a !== b || isContainer(a)) return;
    const rule = MUST_DIFFER.find(({ isAt }) => isAt(keys));
    if (rule)
      found.push({
        law: "distinct",
        stack: other.name,
        path: pathOf(keys),
        reference: a,
        mirror: a,
        causes: [],
        message: `must differ from ${one.name}'s: ${rule.why}`,
      });
  };
  compare(one.document, other.document, []);
  return found;
}
