import type { Json } from "../json.ts";

/** A value on one line: texts quoted, long ones cut, `absent` for what is not there. */
export function shown(value: Json | undefined, width = 72): string {
  if (value === undefined) return "absent";
  return cut(JSON.stringify(value), 0, width);
}

/** Two values on a line each, long ones cut around the first character in which they differ. */
export function shownBeside(
  one: Json | undefined,
  other: Json | undefined,
  width = 72,
): readonly [string, string] {
  if (one === undefined || other === undefined) return [shown(one, width), shown(other, width)];
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  const differs = [...a].findIndex((sign, i) => sign !== b[i]);
  const from = Math.max(0, (differs < 0 ? a.length : differs) - Math.floor(width / 3));
  return [cut(a, from, width), cut(b, from, width)];
}

function cut(text: string, from: number, width: number): string {
  if (text.length <= width) return text;
  const [begin, end] = [from > 3 ? from : 0, Math.min(text.length, from + width)];
  return `${begin ? "..." : ""}${text.slice(begin, end - (end < text.length ? 3 : 0))}${end < text.length ? "..." : ""}`;
}
