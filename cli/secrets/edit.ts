import { copyFileSync, readFileSync } from "node:fs";
import type { Environment } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { isTerminal } from "../../lib/process-env.ts";
import { FINGERPRINTS, secretsPath } from "../../secrets/secret-keys.ts";
import { confirm } from "../shared/prompt.ts";
import { environmentNamed } from "../shared/target.ts";
import { inspectValues } from "./findings.ts";
import { fingerprints, PENDING } from "./fingerprints.ts";
import { describeFindings, isProblem, requireSound } from "./report.ts";
import { editEncrypted as openEditor, setEncryptedValue } from "./sops.ts";
import { decryptSecrets, isStale, loadSecrets, replaceSecretsFile, textValues } from "./store.ts";

/** Opens an environment's secrets in the operator's editor and keeps them only when they are sound. */
export async function editSecrets(name: string): Promise<void> {
  const env = environmentNamed(name);
  const { text } = await loadSecrets(name);
  const file = secretsPath(name);
  await replaceSecretsFile(name, text, async (aside) => {
    copyFileSync(file, aside);
    await openEditor(aside);
    await correct(env, aside);
    const edited = await decryptSecrets(name, aside, readFileSync(aside, "utf8"));
    if (isStale(edited))
      await setEncryptedValue(
        aside,
        FINGERPRINTS,
        fingerprints(textValues(edited.values), edited.fingerprintKey),
      );
  });
  console.log(`${file} is saved.`);
}

/** Lets a person go on editing until nothing is wrong; without one, what is wrong ends it. */
async function correct(env: Environment, aside: string): Promise<void> {
  for (;;) {
    const { values } = await decryptSecrets(env.name, aside, "");
    const wrong = inspectValues(values, env).filter(
      (finding) => isProblem(finding) && values[finding.key] !== PENDING,
    );
    if (!wrong.length) return;
    if (!isTerminal()) requireSound(env.name, wrong, "not written, because");
    console.error(describeFindings(wrong));
    if (!(await confirm("Edit again? No leaves the file unchanged.", true)))
      throw new Failure("Nothing was written.");
    await openEditor(aside);
  }
}
