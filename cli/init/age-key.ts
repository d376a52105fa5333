import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { ageKeyFile, hasIdentity, ownRecipients } from "../secrets/age-identity.ts";
import { requireProgram } from "../secrets/programs.ts";
import { withRules } from "../secrets/rules.ts";
import { rulesPath } from "../secrets/sops.ts";
import { type FileChange, privateFile, publicFile } from "./file-change.ts";

/**
 * The rules for who may read the environments' secrets, with the operator's own key for those that have none, and that key
 * where there is none yet. Nothing where every environment has its rule.
 */
export async function accessFiles(environments: readonly string[]): Promise<FileChange[]> {
  const file = rulesPath();
  const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  let key: string | undefined;
  const readers = async (): Promise<readonly string[]> => {
    if (hasIdentity()) return await ownRecipients();
    const made = await newKey();
    key = made.text;
    return [made.recipient];
  };
  const rules = await withRules(file, text, environments, readers);
  return [
    ...(key === undefined ? [] : [privateFile(ageKeyFile(), key)]),
    ...(rules.text === text ? [] : [publicFile(file, rules.text)]),
  ];
}

async function newKey(): Promise<{ text: string; recipient: string }> {
  const { stdout, exitCode } = await execa(await requireProgram("age-keygen"), [], { reject: false });
  const recipient = /^# public key: (age1\S+)$/m.exec(stdout)?.[1];
  if (exitCode !== 0 || !recipient) throw new Failure("age-keygen made no key. Nothing was written.");
  return { text: `${stdout}\n`, recipient };
}
