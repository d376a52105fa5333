import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { writeAtomically } from "../../lib/files.ts";
import { secretsPath } from "../../secrets/secret-keys.ts";
import { ownRecipients } from "./age-identity.ts";
import { rulesPath } from "./sops.ts";

const isPattern = (text: string): boolean => {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
};
const rulesSchema = z.object({
  creation_rules: z.array(z.looseObject({ path_regex: z.string().refine(isPattern).default("") })).nullish(),
});

/** Adds a rule for the environment's file with the operator's own key, unless one is there. Returns what it added. */
export async function ensureRule(environment: string): Promise<readonly string[]> {
  const file = rulesPath();
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const rules = await withRules(file, text, [environment], ownRecipients);
  if (rules.text === undefined || rules.text === text) return [];
  mkdirSync(dirname(file), { recursive: true });
  writeAtomically(file, rules.text);
  return rules.readers;
}

/**
 * The text of `file` with a rule for the secrets of each environment that has none. `readers`: whose public keys such a rule
 * names; asked only where one is added.
 */
export async function withRules(
  file: string,
  text: string | undefined,
  environments: readonly string[],
  readers: () => Promise<readonly string[]>,
): Promise<{ readonly text: string | undefined; readonly readers: readonly string[] }> {
  const document = parseDocument(text ?? "creation_rules: []");
  const rules = rulesSchema.safeParse(document.toJS());
  if (document.errors.length || !rules.success)
    throw new Failure(
      `${file} is not what sops reads: creation_rules must be a list, each with a path_regex.`,
    );
  const existing = rules.data.creation_rules ?? [];
  // sops matches the path as seen from the rules.
  const paths = environments.map((environment) => relative(dirname(file), secretsPath(environment)));
  const missing = paths.filter(
    (path) => !existing.some(({ path_regex }) => new RegExp(path_regex).test(path)),
  );
  if (!missing.length) return { text, readers: [] };
  const age = await readers();
  const added = missing.map((path) => ({ path_regex: `^${path.replace(".", "\\.")}$`, age: [...age] }));
  document.set("creation_rules", document.createNode([...existing, ...added]));
  return { text: document.toString(), readers: age };
}
