import type { AttributedDifference } from "../finding.ts";
import { keysOf } from "../json.ts";
import { shown } from "./shown.ts";

/** Differences that one thing causes, as a reader takes them in. */
export interface Group {
  readonly causes: string;
  readonly rows: readonly DifferenceRow[];
}

export interface DifferenceRow {
  /** The value in the reference and in the mirror, or what is new. */
  readonly what: string;
  /** A path, or how many share the pair. */
  readonly where: string;
}

/** Folds differences: equal pairs of values into one row, a new resource or unit into one row. */
export function groupDifferences(differences: readonly AttributedDifference[]): Group[] {
  const groups = new Map<string, Map<string, string[]>>();
  for (const difference of differences) {
    const causes = difference.causes.join(" and ");
    const rows = groups.get(causes) ?? new Map<string, string[]>();
    const stem = newStem(difference);
    const what = stem ? "new" : `${shown(difference.reference)} -> ${shown(difference.mirror)}`;
    const key = stem ? `${what} ${stem}` : what;
    rows.set(key, [...(rows.get(key) ?? []), stem ?? difference.path]);
    groups.set(causes, rows);
  }
  return [...groups].map(([causes, rows]) => ({
    causes,
    rows: [...rows].map(([key, paths]) => ({
      what: key.startsWith("new ") ? "new" : key,
      where: placed(paths),
    })),
  }));
}

/** `stack.resource.<type>.<id>` or `units.<file>` of a leaf that the reference does not have. */
function newStem({ path, reference }: AttributedDifference): string | undefined {
  if (reference !== undefined) return undefined;
  const keys = keysOf(path);
  return keys[1] === "resource" ? keys.slice(2, 4).join(".") : keys.slice(0, 2).join(" ");
}

function placed(paths: readonly string[]): string {
  const [first = "", ...more] = [...new Set(paths)];
  return more.length ? `${first} and ${more.length} more` : first;
}
