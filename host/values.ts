/** Values as the bundle reads them: a line KEY=value each, taken as it stands. Throws on a value of two lines. */
export function valueFile(values: Readonly<Record<string, string>>): string {
  const broken = Object.entries(values).find(([, value]) => /[\r\n]/.test(value));
  if (broken) throw new Error(`${broken[0]} has a value of more than one line`);
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
