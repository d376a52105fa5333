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
export async function ensureRule(environment: string): Promise<string[]> {
  const file = rulesPath();
  const document = parseDocument(existsSync(file) ? readFileSync(file, "utf8") : "creation_rules: []");
  const rules = rulesSchema.safeParse(document.toJS());
  if (document.errors.length || !rules.success)
    throw new Failure(
      `${file} is not what sops reads: creation_rules must be a list, each with a path_regex.`,
    );
  // sops matches the path as seen from the rules.
  const path = relative(dirname(file), secretsPath(environment));
  const existing = rules.data.creation_rules ?? [];
  if (existing.some(({ path_regex }) => new RegExp(path_regex).test(path))) return [];

  const recipients = await ownRecipients();
  const rule = { path_regex: `^${path.replace(".", "\\.")}$`, age: recipients };
  document.set("creation_rules", document.createNode([...existing, rule]));
  mkdirSync(dirname(file), { recursive: true });
  writeAtomically(file, document.toString());
  return recipients;
}
