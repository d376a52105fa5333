import type { Environment } from "../../config/load/environment.ts";
import { secretKeys, secretsPath } from "../../secrets/secret-keys.ts";
import { environmentNamed } from "../shared/target.ts";
import type { SecretFinding } from "./finding.ts";
import { postmarkFindings } from "./postmark.ts";
import type { FetchFunction } from "./provider-client.ts";
import { describeFindings, fileFindings, inspectSecrets, isProblem } from "./report.ts";
import { loadSecrets, type Secrets } from "./store.ts";
import { twilioFindings } from "./twilio.ts";

/** Prints what is wrong with an environment's secrets; no value is shown. Exit code 1 on a problem. */
export async function checkSecrets(name: string, { json }: { readonly json?: boolean }): Promise<void> {
  const secrets = await loadSecrets(name);
  const findings = await allFindings(name, secrets);
  const failed = findings.some(isProblem);
  const count = secretKeys().length;
  if (json) console.log(JSON.stringify({ environment: name, keys: count, ok: !failed, findings }, null, 2));
  else if (findings.length) console.log(describeFindings(findings));
  if (!json && !failed)
    console.log(`${secretsPath(name)}: ${count} keys are valid and shared with no other environment`);
  if (failed) process.exitCode = 1;
}

/** What the files show without decrypting, what the values show, and what a provider says of its own. */
export async function allFindings(name: string, secrets: Secrets): Promise<SecretFinding[]> {
  const env = environmentNamed(name);
  return [
    ...fileFindings(),
    ...inspectSecrets(secrets, env),
    ...(await providerReportedFindings(secrets.values, env)),
  ];
}

/** What only providers know of their values: each is asked with its own. */
export async function providerReportedFindings(
  values: Readonly<Record<string, unknown>>,
  env: Environment,
  ask: FetchFunction = fetch,
): Promise<SecretFinding[]> {
  const found = await Promise.all([postmarkFindings(values, env, ask), twilioFindings(values, env, ask)]);
  return found.flat();
}
