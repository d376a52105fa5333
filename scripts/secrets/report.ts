import type { Environment } from "../../config/environment.ts";
import { loadFleet } from "../../config/index.ts";
import { sealedSecrets } from "../../host/sealed-file.ts";
import { secretsPath } from "../../host/secret-keys.ts";
import { type SecretFault, secretFaults } from "../../parity/secrets.ts";
import { Failure } from "../lib/failure.ts";
import { type Finding, problem } from "./finding.ts";
import { inspectValues } from "./findings.ts";
import { isStale, type Secrets } from "./store.ts";

/** Names of all declared environments. */
export function environmentNames(): string[] {
  const { reference, mirrors } = loadFleet();
  return [reference, ...mirrors].map(({ name }) => name);
}

/** Everything wrong with decrypted secrets. */
export const examine = (secrets: Secrets, env: Environment): Finding[] => [
  ...inspectValues(secrets.values, env),
  ...(isStale(secrets)
    ? [
        problem(
          "(fingerprints)",
          "those of earlier values",
          `run \`npx olympus secrets edit ${env.name}\` and save`,
        ),
      ]
    : []),
];

/** Findings as people read them: problems first. */
export const described = (findings: readonly Finding[]): string =>
  [...findings]
    .sort((a, b) => a.level.localeCompare(b.level))
    .map(({ key, level, found, remedy }) => `${level.padEnd(8)} ${key}: ${found}\n         ${remedy}`)
    .join("\n");

export const isProblem = ({ level }: Finding): boolean => level === "problem";

/** Throws what is wrong with the values, if anything is; returns the warnings. */
export function requireSound(environment: string, findings: readonly Finding[], what: string): Finding[] {
  const problems = findings.filter(isProblem);
  if (problems.length) throw new Failure(`${secretsPath(environment)}: ${what}\n${described(problems)}`);
  return findings.filter((finding) => !isProblem(finding));
}

/** What the encrypted files show without decrypting, as synth sees it too: of all environments, or of one beside the others. */
export const fileFindings = (only?: string): Finding[] =>
  faults(environmentNames())
    .filter(({ environment }) => only === undefined || environment === only)
    .map(({ environment, key, found, remedy }) =>
      problem(key, `${found} (${secretsPath(environment)})`, remedy),
    );

function faults(environments: readonly string[]): SecretFault[] {
  const secrets = sealedSecrets(environments);
  return secrets ? secretFaults(secrets) : [];
}
