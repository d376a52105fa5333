import type { Environment } from "../../config/environment.ts";
import { loadFleet } from "../../config/index.ts";
import { ConfigError } from "../../config/problems.ts";
import { encryptedFile, secretKeyProblems, secretsPath } from "../../host/secret-keys.ts";
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

/** Throws a ConfigError when the encrypted files of all environments do not fit each other. */
export function requireFitting(names: readonly string[] = environmentNames()): void {
  const files = Object.fromEntries(names.map((name) => [name, encryptedFile(name)]));
  const problems = secretKeyProblems(files);
  if (problems.length) throw new ConfigError(problems);
}
