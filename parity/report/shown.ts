import type { Json } from "../json.ts";

/** A value on one line: texts quoted, long ones cut, `absent` for what is not there. */
export function shown(value: Json | undefined, width = 72): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
}
