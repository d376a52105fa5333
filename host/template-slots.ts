/**
 * Fills the named slots `{{name}}` of a file. A slot without a value and a value without a slot are both errors:
 * either means that file and program no longer speak of the same thing.
 */
export function fillSlots(
  file: string,
  text: string,
  values: Readonly<Record<string, string | number>>,
): string {
  const used = new Set<string>();
  const filled = text.replaceAll(/\{\{([\w ]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file}: {{${name}}} has no value`);
    used.add(name);
    return String(value);
  });
  const spare = Object.keys(values).filter((name) => !used.has(name));
  if (spare.length) throw new Error(`${file}: no slot for ${spare.join(", ")}`);
  return filled;
}
