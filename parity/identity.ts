import { DISTINCT, isAt, NAMED } from "./bounds.ts";
import { leafDifferences } from "./difference.ts";
import type { ParityFinding } from "./finding.ts";
import { keysOf } from "./json.ts";
import { holdsName, leavesOf, type NamedRendering, type Rendering, renamed, underName } from "./rendering.ts";

/** An environment asked for its name: it must be what it is under any other, and name itself only where it may. */
export function identityFindings({ own, neutral }: NamedRendering): Omit<ParityFinding, "stack">[] {
  const branches = leafDifferences(underName(neutral, own.name), leavesOf(own)).map(
    ({ path, left, right }) => ({
      law: "identity" as const,
      path,
      reference: left,
      mirror: right,
      causes: [],
      message: `${own.name} is not what it would be under another name: the code asks which environment it is in`,
    }),
  );
  const rename = renamed(neutral.name, own.name);
  const strays = [...leavesOf(neutral)]
    .filter(([path, value]) => holdsName(`${path} ${value}`, neutral.name))
    .filter(([path]) => !NAMED.some((where) => isAt(where, keysOf(path))))
    .map(([path, value]) => ({
      law: "identity" as const,
      path: rename(path),
      reference: undefined,
      mirror: typeof value === "string" ? rename(value) : value,
      causes: [],
      message: "the environment's name may not stand here; parity/bounds.ts says where it may",
    }));
  return [...branches, ...strays];
}

/** What two environments share that no two may. */
export function sharedFindings(one: Rendering, other: Rendering): ParityFinding[] {
  const others = leavesOf(other);
  return [...leavesOf(one)].flatMap(([path, value]) => {
    const rule = DISTINCT.find(({ where }) => isAt(where, keysOf(path)));
    return rule && others.get(path) === value
      ? [
          {
            law: "distinct" as const,
            stack: other.name,
            path,
            reference: value,
            mirror: value,
            causes: [],
            message: `must differ from ${one.name}'s: ${rule.why}`,
          },
        ]
      : [];
  });
}
