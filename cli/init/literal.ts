/** Columns of a line, as the formatter counts them. */
const WIDTH = 110;

/** A key as it stands in an object of TypeScript. */
export const keyText = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key));

/** One property of an object, formatted: on one line where it fits. Plain data only. */
export function propertyText(key: string, value: unknown, indent: number): string {
  const start = `${" ".repeat(indent)}${keyText(key)}:`;
  const inline = oneLine(value);
  if (start.length + 1 + inline.length + 1 <= WIDTH) return `${start} ${inline},`;
  return typeof value === "object" && value !== null
    ? `${start} ${manyLines(value, indent)},`
    : `${start}\n${" ".repeat(indent + 2)}${inline},`;
}

function manyLines(value: object, indent: number): string {
  const pad = " ".repeat(indent + 2);
  const lines = Array.isArray(value)
    ? value.map((element) => `${pad}${elementText(element, indent + 2)},`)
    : defined(value).map(([key, inner]) => propertyText(key, inner, indent + 2));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return [open, ...lines, `${" ".repeat(indent)}${close}`].join("\n");
}

function elementText(element: unknown, indent: number): string {
  const inline = oneLine(element);
  const isLong = indent + inline.length + 1 > WIDTH;
  return isLong && typeof element === "object" && element !== null ? manyLines(element, indent) : inline;
}

function oneLine(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const parts = defined(value).map(([key, inner]) => `${keyText(key)}: ${oneLine(inner)}`);
  return parts.length ? `{ ${parts.join(", ")} }` : "{}";
}

const defined = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, inner]) => inner !== undefined);

/** In double quotes, unless single ones need fewer escapes. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (text.split('"').length <= text.split("'").length) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
