/** What the shape of the tables follows from, by its name: an image, or a file of the bundle by its digest. */
export type Schema = Readonly<Record<string, string>>;

/** Files of the bundle that do: databases and roles, and what an identity may hold. */
const FILES = /^(postgres\/databases\.sql|kratos\/[a-z]+\/[a-z-]+\.schema\.json)$/;

export const isSchemaFile = (path: string): boolean => FILES.test(path);

/** What differs, a line each; nothing when a change carries no migration. Without a `before` all is new. */
export function schemaChanges(before: Schema | null | undefined, after: Schema): string[] {
  if (!before) return ["no earlier refresh is known"];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => before[name] !== after[name]).map((name) => described(name, before, after));
}

function described(name: string, before: Schema, after: Schema): string {
  const [from, to] = [before[name], after[name]];
  const program = name.match(/^IMAGE_(.+)$/)?.[1]?.toLowerCase();
  if (program) return `${program}: ${from ?? "none"} becomes ${to ?? "none"}`;
  return `${name} ${from ? (to ? "changes" : "goes") : "is new"}`;
}
