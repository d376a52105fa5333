import type { Leaf } from "../json.ts";

/** A leaf on one line: texts quoted, long ones cut, `absent` for what is not there. */
export function shown(leaf: Leaf | undefined, width = 72): string {
  if (leaf === undefined) return "absent";
  const text = JSON.stringify(leaf);
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
}
