import { loadFleet } from "../../config/index.ts";
import type { Environment } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { inspectEncryptedSecrets } from "../../secrets/encrypted-file.ts";
import { type SecretFault, secretFaults } from "../../secrets/faults.ts";
import { secretsPath } from "../../secrets/secret-keys.ts";
import { type SecretFinding, secretProblem } from "./finding.ts";
import { inspectValues } from "./findings.ts";
import { isStale, type Secrets } from "./store.ts";

/** Names of all declared environments. */
export function environmentNames(): string[] {
  const { reference, mirrors } = loadFleet();
  return [reference, ...mirrors].map(({ name }) => name);
}

/** Everything wrong with decrypted secrets. */
export const inspectSecrets = (secrets: Secrets, env: Environment): SecretFinding[] => [
  ...inspectValues(secrets.values, env),
  ...(isStale(secrets)
    ? [
        secretProblem(
          "(fingerprints)",
          "those of earlier values",
          `run \`./olympus secrets edit ${env.name}\` and save`,
        ),
      ]
    : []),
];

/** Findings as people read them: problems first. */
export const describeFindings = (findings: readonly SecretFinding[]): string =>
  [...findings]
    .sort((a, b) => a.level.localeCompare(b.level))
    .map(({ key, level, found, remedy }) => `${level.padEnd(8)} ${key}: ${found}\n         ${remedy}`)
    .join("\n");

export const isProblem = ({ level }: SecretFinding): boolean => level === "problem";

/** Throws what is wrong with the values, if anything is; returns the warnings. */
export function requireSound(
  environment: string,
  findings: readonly SecretFinding[],
  what: string,
): SecretFinding[] {
  const problems = findings.filter(isProblem);
  if (problems.length)
    throw new Failure(`${secretsPath(environment)}: ${what}\n${describeFindings(problems)}`);
  return findings.filter((finding) => !isProblem(finding));
}

/** What the encrypted files show without decrypting, as synth sees it too: of all environments, or of one beside the others. */
export const fileFindings = (only?: string): SecretFinding[] =>
  faults(environmentNames())
    .filter(({ environment }) => only === undefined || environment === only)
    .map(({ environment, key, found, remedy }) =>
      secretProblem(key, `${found} (${secretsPath(environment)})`, remedy),
    );

function faults(environments: readonly string[]): SecretFault[] {
  const secrets = inspectEncryptedSecrets(environments);
  return secrets ? secretFaults(secrets) : [];
}
