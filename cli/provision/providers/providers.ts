import { type Environment, servesRealPeople } from "../../../config/load/environment.ts";
import { Failure } from "../../../lib/failure.ts";
import { encryptedFile, secretKeys, secretsPath } from "../../../secrets/secret-keys.ts";
import { providerReportedFindings } from "../../secrets/check.ts";
import { shapeFindings } from "../../secrets/findings.ts";
import { fileFindings, inspectSecrets } from "../../secrets/report.ts";
import { loadSecrets } from "../../secrets/store.ts";
import { environmentNamed } from "../../shared/target.ts";
import { checklist, type KnownSecrets } from "./checklist.ts";
import { checklistText } from "./text.ts";

/**
 * Prints which accounts at third parties an environment needs: which kind, what to register there, what is missing or of
 * the wrong world. No value is shown. Exit code 0 when everything is done, 1 when not or when it cannot be told.
 */
export async function providers(name: string, { json }: { readonly json?: boolean }): Promise<void> {
  const env = environmentNamed(name);
  const { reason, ...known } = await whatIsKnown(env);
  const items = checklist(env, known);
  const ok = items.every(({ state }) => state === "ready" || state === "off");
  if (json)
    console.log(
      JSON.stringify({ environment: name, rehearsal: !servesRealPeople(env), ok, reason, items }, null, 2),
    );
  else console.log(checklistText(env, items) + (reason ? `\n\n${reason}` : ""));
  if (!ok) process.exitCode = 1;
}

/** Without a file everything is missing; without its key the configuration still tells what to register. */
async function whatIsKnown(env: Environment): Promise<KnownSecrets & { readonly reason?: string }> {
  if (encryptedFile(env.name) === undefined)
    return {
      values: undefined,
      findings: secretKeys().flatMap((key) => shapeFindings(key, undefined, env.name)),
      reason: `${secretsPath(env.name)} does not exist yet.`,
    };
  try {
    const secrets = await loadSecrets(env.name);
    const asked = await providerReportedFindings(secrets.values, env);
    return {
      values: secrets.values,
      findings: [...fileFindings(env.name), ...inspectSecrets(secrets, env), ...asked],
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      values: undefined,
      findings: [],
      reason: `Missing secrets cannot be determined here.\n${error.message}`,
    };
  }
}
