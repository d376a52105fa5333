// What a terminal obeys (C0, DEL, C1) and what breaks a line or turns the order of a text round; then the same as JSON writes it.
const SIGN = "[\\p{Cc}\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]";
const OBEYED = new RegExp(`(?![\\n\\t])${SIGN}`, "gu");
const SIGNS = new RegExp(`${SIGN}+`, "gu");
const ESCAPED =
  /(?<!\\)((?:\\\\)*)\\(?:u(?:00[01][0-9a-f]|007f|00[89][0-9a-f]|200[ef]|202[89a-e]|206[6-9])|[bfr])/gi;
/** A line that GitHub's runner takes for a command of the workflow, however far it is indented. */
const COMMAND = /^(\s*)(:|#)(?=(?::|#\[))/gm;

/**
 * A machine's words, as text that neither a terminal nor a workflow's log obeys: each sign of control becomes `?`, tabs and line
 * breaks stay. JSON stays JSON of the same shape.
 */
export const printable = (text: string): string =>
  text.replace(OBEYED, "?").replace(ESCAPED, "$1?").replace(COMMAND, "$1$2 ");

/** What a stranger said as one line: a space for each run of such signs. */
export const printableLine = (text: string): string => text.replace(SIGNS, " ");
