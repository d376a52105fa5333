import { type Json, type Leaves, leaves } from "./json.ts";

/** One environment as rendered: what Terraform and the machine will be given. */
export interface Rendering {
  /** The environment's own name, which may stand in any text. */
  readonly name: string;
  /** Texts that follow from its domain (hosts, zone, certificate request), by a key that every environment has. */
  readonly vocabulary: Readonly<Record<string, string>>;
  readonly document: Json;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const byLength = (texts: readonly string[]): string[] =>
  [...new Set(texts)].sort((a, b) => b.length - a.length);

/**
 * The leaves of a rendering with its name written as `{env}`. A name inside a text of the vocabulary stays: it belongs
 * to the domain (`staging-ciam.your-app.com`), and swapping domains must be able to explain it.
 */
export function normalise({ name, vocabulary, document }: Rendering): Leaves {
  const kept = byLength(Object.values(vocabulary)).map(escaped);
  const word = `(?<![A-Za-z0-9])${escaped(name)}(?![A-Za-z0-9])`;
  const pattern = new RegExp([...kept, word].join("|"), "g");
  return leaves(document, (text) =>
    text.includes(name) ? text.replace(pattern, (hit) => (hit === name ? "{env}" : hit)) : text,
  );
}

/** `text` of one rendering as another would write it: every text of the vocabulary replaced by its counterpart. */
export function translator(from: Rendering, to: Rendering): (text: string) => string {
  const counterpart = new Map(
    Object.entries(from.vocabulary).map(([key, text]) => [text, to.vocabulary[key] ?? text]),
  );
  const pattern = new RegExp(
    byLength([...counterpart.keys()])
      .map(escaped)
      .join("|"),
    "g",
  );
  return (text) => text.replace(pattern, (hit) => counterpart.get(hit) ?? hit);
}
