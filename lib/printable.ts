// What a terminal obeys (C0 without tab and line break, DEL, C1), what turns the order of a text round, and both again as JSON writes them.
const OBEYED = /(?![\n\t])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const ESCAPED =
  /(?<!\\)((?:\\\\)*)\\(?:u(?:00[01][0-9a-f]|007f|00[89][0-9a-f]|200[ef]|202[a-e]|206[6-9])|[bfr])/gi;
/** A line that GitHub's runner takes for a command of the workflow, however far it is indented. */
const COMMAND = /^(\s*)(:|#)(?=(?::|#\[))/gm;

/**
 * A machine's words, as text that neither a terminal nor a workflow's log obeys: each sign of control becomes `?`, tabs and line
 * breaks stay. JSON stays JSON of the same shape.
 */
export const printable = (text: string): string =>
  text.replace(OBEYED, "?").replace(ESCAPED, "$1?").replace(COMMAND, "$1$2 ");
