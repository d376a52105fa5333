import type { Json } from "./json.ts";

/** One environment as rendered: what Terraform and the machine will be given. */
export interface Rendering {
  /** The name it was rendered under: the environment's own, or one that nothing knows. */
  readonly name: string;
  /** Texts that it has to itself beside its name, by a key that every environment has. */
  readonly identity: Readonly<Record<string, string>>;
  /** Texts that follow from its domain (hosts, zone, certificate request), by a key that every environment has. */
  readonly vocabulary: Readonly<Record<string, string>>;
  /** Stack, zone, plain values, units and the files of the release. */
  readonly document: Json;
}

/** One set of values, rendered under an environment's own name and under a name that nothing knows. */
export interface NamedRendering {
  readonly own: Rendering;
  readonly neutral: Rendering;
}

/** Two documents with equal keys: where the zones differ, a zone's name inside a key (a variable's) is written as `{zone}`. */
export function comparable(left: Rendering, right: Rendering): readonly [Json, Json] {
  const [one, other] = [left, right].map(({ vocabulary }) => vocabulary.zoneIdentifier);
  return one && other && one !== other
    ? [rekeyed(left.document, one), rekeyed(right.document, other)]
    : [left.document, right.document];
}

function rekeyed(value: Json, name: string): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => rekeyed(item, name));
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key.replaceAll(name, "{zone}"), rekeyed(child, name)]),
  );
}

type Identified = Pick<Rendering, "name" | "identity">;

/**
 * A text under another identity: the name in both its forms (`pre-prod`, and `pre_prod` where an identifier is wanted), and what
 * goes with it.
 */
export const renamed = (from: Identified, to: Identified): ((text: string) => string) => {
  const pairs = [
    [from.name, to.name],
    [identifier(from.name), identifier(to.name)],
    ...Object.entries(from.identity).map(([key, text]) => [text, to.identity[key] ?? text] as const),
  ] as const;
  return (text) => pairs.reduce((renamed, [was, is]) => renamed.replaceAll(was, () => is), text);
};

const identifier = (name: string): string => name.replaceAll(/[.-]/g, "_");

/** Whether a text holds a name, in either form. */
export const holdsName = (name: string): ((text: string) => boolean) => {
  const other = identifier(name);
  return (text) => text.includes(name) || text.includes(other);
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const byLength = (texts: readonly string[]): string[] =>
  [...new Set(texts)].sort((a, b) => b.length - a.length);

/**
 * Whether two texts say the same, each in its rendering's names: cut at the names, they have the same pieces, and
 * name stands where the same name can stand. (A zone's apex is two names at once: the zone and a domain.)
 */
export function sameInNames(left: Rendering, right: Rendering): (a: string, b: string) => boolean {
  const [cutLeft, cutRight] = [cutter(left), cutter(right)];
  return (a, b) => {
    const [one, other] = [cutLeft(a), cutRight(b)];
    return (
      one.length === other.length && one.every((piece, i) => piece.some((name) => other[i]?.includes(name)))
    );
  };
}

/** Cuts a text into pieces: the keys of each name found, and what lies between as `="text"`. */
function cutter({ vocabulary }: Rendering): (text: string) => string[][] {
  const keys = new Map<string, string[]>();
  for (const [key, text] of Object.entries(vocabulary)) keys.set(text, [...(keys.get(text) ?? []), key]);
  const pattern = new RegExp(
    `(${byLength([...keys.keys()])
      .map(escaped)
      .join("|")})`,
  );
  return (text) => text.split(pattern).map((piece) => keys.get(piece) ?? [`="${piece}"`]);
}
