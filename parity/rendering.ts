import { type Json, type Leaves, leaves } from "./json.ts";

/** One environment as rendered: what Terraform and the machine will be given. */
export interface Rendering {
  /** The environment's own name, which may stand in any text. */
  readonly name: string;
  /** Texts that follow from its domain (hosts, zone, certificate request), by a key that every environment has. */
  readonly vocabulary: Readonly<Record<string, string>>;
  readonly document: Json;
  /** Files that both carry: compared to the byte, since nothing in them may name the environment. */
  readonly bundle?: Readonly<Record<string, string>>;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const byLength = (texts: readonly string[]): string[] =>
  [...new Set(texts)].sort((a, b) => b.length - a.length);

const normalised = new WeakMap<Rendering, Leaves>();

/**
 * The leaves of a rendering with its name written as `{env}`. A name inside a text of the vocabulary stays: it belongs
 * to the domain (`staging-ciam.your-app.com`), and swapping domains must be able to explain it.
 */
export function normalise(rendering: Rendering): Leaves {
  const known = normalised.get(rendering) ?? withoutName(rendering);
  normalised.set(rendering, known);
  return known;
}

function withoutName({ name, vocabulary, document, bundle = {} }: Rendering): Leaves {
  const kept = byLength(Object.values(vocabulary)).map(escaped);
  const word = `(?<![A-Za-z0-9])${escaped(name)}(?![A-Za-z0-9])`;
  const pattern = new RegExp([...kept, word].join("|"), "g");
  const named = leaves(document, (text) =>
    text.includes(name) ? text.replace(pattern, (hit) => (hit === name ? "{env}" : hit)) : text,
  );
  return new Map([...named, ...leaves({ bundle })]);
}

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
