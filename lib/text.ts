/** The text, or its beginning and three dots when it is longer than `width` characters. */
export const shortened = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 3)}...` : text;

/** The end of what a program said. */
export const lastLines = (text: string, count = 8): string =>
  text.trim().split("\n").slice(-count).join("\n");

/** A path into a value with one more step: `labels.environment`, `rules[0]`; a key that is no plain word is quoted. */
export function pathWith(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  const name = String(key);
  if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path ? `${path}.${name}` : name;
}
