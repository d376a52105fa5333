import type { Key } from "./json.ts";

/** A path in which `*` stands for a part of a key or for a whole one, and a closing `**` for any rest. */
interface Pattern {
  readonly fixed: readonly Part[];
  /** Whether any rest may follow. */
  readonly open: boolean;
}
type Part = (key: string) => boolean;

const patterns = new Map<string, Pattern>();

/** A pattern, read once. */
export function patternOf(where: string): Pattern {
  const known = patterns.get(where);
  if (known) return known;
  const parts = where.split(".");
  const open = parts.at(-1) === "**";
  const pattern = { fixed: (open ? parts.slice(0, -1) : parts).map(globbed), open };
  patterns.set(where, pattern);
  return pattern;
}

function globbed(part: string): Part {
  const [before = "", after] = part.split("*", 2);
  return after === undefined ? (key) => key === part : (key) => key.startsWith(before) && key.endsWith(after);
}

/** Whether keys are a path that the pattern names. */
export const pathMatcher = (where: string): ((keys: readonly Key[]) => boolean) => {
  const { fixed, open } = patternOf(where);
  return (keys) => (open ? keys.length >= fixed.length : keys.length === fixed.length) && begins(fixed, keys);
};

/** Whether keys begin as the pattern does. */
export const begins = (fixed: readonly Part[], keys: readonly Key[]): boolean =>
  keys.length >= fixed.length && fixed.every((is, i) => is(String(keys[i])));
