/** A place in a shared file whose answer may differ between environments. */
export interface Question {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line as it stands, without the space around it. */
  readonly text: string;
  readonly asks: string;
}

/** A found place: where it begins in the text, and what it asks. */
export interface Place {
  readonly at: number;
  readonly asks: string;
}

/** What may not stand in a file, and what it would ask. */
export type Pattern = readonly [pattern: RegExp, asks: string];

/** The same text with every match as spaces: what stands where, and on which line, does not move. */
export const blanked = (text: string, pattern: RegExp): string =>
  text.replaceAll(pattern, (match) => match.replaceAll(/[^\n]/g, " "));

/** Every place that one of the patterns matches. They must be global. */
export const placesOf = (text: string, patterns: readonly Pattern[]): Place[] =>
  patterns.flatMap(([pattern, asks]) =>
    [...text.matchAll(pattern)].map((match) => ({ at: match.index + match[0].search(/\S/), asks })),
  );

/** Places as people look for them: by line, several on a line as one. */
export function questionsOf(file: string, text: string, places: readonly Place[]): Question[] {
  const lines = text.split("\n");
  const byLine = new Map<number, Set<string>>();
  for (const { at, asks } of places) {
    const line = text.slice(0, at).split("\n").length;
    byLine.set(line, (byLine.get(line) ?? new Set()).add(asks));
  }
  return [...byLine]
    .sort(([a], [b]) => a - b)
    .map(([line, asks]) => ({ file, line, text: lines[line - 1]?.trim() ?? "", asks: [...asks].join(", ") }));
}
