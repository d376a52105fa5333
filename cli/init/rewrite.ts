import { isDeepStrictEqual } from "node:util";
import { Failure } from "../../lib/failure.ts";
import { propertyText } from "./literal.ts";

type Values = Readonly<Record<string, unknown>>;

/** A property as it stands in the text: what is above it, and its own lines. */
interface Written {
  readonly key: string;
  /** Blank lines and comments. */
  readonly lead: readonly string[];
  readonly lines: readonly string[];
}

/**
 * The text of a configuration file with other values in its one object. What keeps its value keeps its text, with comments
 * and order; what is new is written as the formatter would. Throws a {@link Failure} where there is no such object.
 */
export function rewritten(file: string, text: string, before: Values, after: Values): string {
  const found = /^(export const \w+(?:: \w+)? = \{\n)([\s\S]*?)^\};$/m.exec(text);
  if (!found)
    throw new Failure(
      `${file} is not one that can be rewritten: it holds no line \`export const <name>: <type> = {\` with its end \`};\`. Nothing was written.\nRestore it from git, or change it by hand.`,
    );
  const [whole, start = "", body = ""] = found;
  const lines = rewrittenProperties(body.replace(/\n$/, "").split("\n"), 2, before, after);
  return text.replace(whole, () => `${start}${lines.join("\n")}\n};`);
}

function rewrittenProperties(
  lines: readonly string[],
  indent: number,
  before: Values,
  after: Values,
): string[] {
  const { properties, rest } = split(lines, indent);
  const known = new Set(properties.map(({ key }) => key));
  const kept = properties.filter(({ key }) => after[key] !== undefined);
  const added = Object.keys(after).filter((key) => !known.has(key) && after[key] !== undefined);
  const result = [
    ...kept.flatMap((property) => [
      ...property.lead,
      ...rewrittenProperty(property, indent, before[property.key], after[property.key]),
    ]),
    // A block that is new stands by itself.
    ...added.flatMap((key) => [
      ...(indent === 2 ? [""] : []),
      ...propertyText(key, after[key], indent).split("\n"),
    ]),
    ...rest,
  ];
  return result.slice(result.findIndex((line) => line !== ""));
}

function rewrittenProperty(
  { key, lines }: Written,
  indent: number,
  before: unknown,
  after: unknown,
): readonly string[] {
  if (isDeepStrictEqual(before, after)) return lines;
  const isPlain = lines.join("\n") === propertyText(key, before, indent);
  const isBlock = lines.length > 2 && lines[0]?.endsWith(": {");
  // Comments inside, or values that are no literals: what does not change stays as it is.
  if (!isPlain && isBlock && isObject(before) && isObject(after))
    return [
      lines[0] ?? "",
      ...rewrittenProperties(lines.slice(1, -1), indent + 2, before, after),
      lines.at(-1) ?? "",
    ];
  return propertyText(key, after, indent).split("\n");
}

/** The properties at one depth. A line that is deeper, or closes a bracket, belongs to the property above it. */
function split(lines: readonly string[], indent: number): { properties: Written[]; rest: readonly string[] } {
  const start = new RegExp(`^ {${indent}}(?:"([^"]+)"|(\\w+))(?::|,$)`);
  const comment = new RegExp(`^ {${indent}}(?://|/\\*| \\*)`);
  const properties: (Written & { lines: string[] })[] = [];
  let waiting: string[] = [];
  for (const line of lines) {
    const [, inQuotes, plain] = start.exec(line) ?? [];
    const key = inQuotes ?? plain;
    const current = properties.at(-1);
    if (key !== undefined) {
      properties.push({ key, lead: waiting, lines: [line] });
      waiting = [];
    } else if (line === "" || comment.test(line) || !current) waiting.push(line);
    else {
      current.lines.push(...waiting, line);
      waiting = [];
    }
  }
  return { properties, rest: waiting };
}

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);
