import { type Json, type Leaves, leaves } from "./json.ts";

/** One environment as rendered: what Terraform and the machine will be given. */
export interface Rendering {
  /** The name it was rendered under: the environment's own, or one that nothing knows. */
  readonly name: string;
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

const flattened = new WeakMap<Rendering, Leaves>();

/** Every leaf of a rendering. The zone's name inside a key (a variable's) is written as `{zone}`. */
export function leavesOf(rendering: Rendering): Leaves {
  const known = flattened.get(rendering) ?? leaves(rendering.document, { key: withoutZone(rendering) });
  flattened.set(rendering, known);
  return known;
}

const withoutZone =
  ({ vocabulary: { zoneIdentifier } }: Rendering) =>
  (key: string): string =>
    zoneIdentifier ? key.replaceAll(zoneIdentifier, "{zone}") : key;

/** A text under another name, in both its forms: `pre-prod`, and `pre_prod` where an identifier is wanted. */
export const renamed =
  (from: string, to: string) =>
  (text: string): string =>
    text.replaceAll(from, () => to).replaceAll(identifier(from), () => identifier(to));

const identifier = (name: string): string => name.replaceAll(/[.-]/g, "_");

/** Whether a text holds a name, in either form. */
export const holdsName = (text: string, name: string): boolean =>
  text.includes(name) || text.includes(identifier(name));

/** What a rendering is under another name, if the name decides nothing. */
export function underName(rendering: Rendering, to: string): Leaves {
  const text = renamed(rendering.name, to);
  const zoneless = withoutZone(rendering);
  return leaves(rendering.document, { key: (key) => text(zoneless(key)), text });
}

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
