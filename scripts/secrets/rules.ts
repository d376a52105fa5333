import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { z } from "zod";
import { secretsPath } from "../../host/secret-keys.ts";
import { Failure } from "../lib/failure.ts";
import { ownRecipients } from "./age-identity.ts";
import { RULES } from "./sops.ts";

const rulesSchema = z.object({
  creation_rules: z.array(z.looseObject({ path_regex: z.string().default("") })).nullish(),
});

/** Adds a rule for the environment's file with the operator's own key, unless one is there. Returns what it added. */
export async function ensureRule(environment: string): Promise<string[]> {
  const document = parseDocument(existsSync(RULES) ? readFileSync(RULES, "utf8") : "creation_rules: []");
  const rules = rulesSchema.safeParse(document.toJS());
  if (document.errors.length || !rules.success)
    throw new Failure(
      `${RULES} is not what sops reads: creation_rules must be a list, each with path_regex.`,
    );
  const path = secretsPath(environment);
  const existing = rules.data.creation_rules ?? [];
  if (existing.some(({ path_regex }) => new RegExp(path_regex).test(path))) return [];

  const recipients = await ownRecipients();
  const rule = { path_regex: `^${path.replace(".", "\\.")}$`, age: recipients };
  document.set("creation_rules", document.createNode([...existing, rule]));
  writeFileSync(`${RULES}.new`, document.toString());
  renameSync(`${RULES}.new`, RULES);
  return recipients;
}
