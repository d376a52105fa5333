import type { Base } from "../../../config/load/base-schema.ts";
import { isNamedIn } from "./machines.ts";
import { given, type Leaver, left, type RevokeStep } from "./steps.ts";

/** Files of this repository, by their path; undefined where there is none. */
export type ReadText = (path: string) => string | undefined;

/** What this repository still has of a person. `environments`: all there are. */
export function repositorySteps(
  leaver: Leaver,
  base: Base,
  environments: readonly string[],
  read: ReadText,
): RevokeStep[] {
  return [
    ...firstSteps(leaver, base),
    ...ownerSteps(leaver, read),
    ...keysInConfig(leaver, base, environments),
    ...recipientSteps(leaver, environments, read),
  ];
}

function firstSteps({ account: said }: Leaver, base: Base): RevokeStep[] {
  const account = given(said)?.toLowerCase();
  const first = Object.entries(base.environments).filter(
    ([, { firstAdministrator }]) => firstAdministrator.toLowerCase() === account,
  );
  return [
    ...first.map(([name]) =>
      left(
        1,
        `${name}: they are its first administrator`,
        `another in environments.${name}.firstAdministrator, config/base.ts`,
      ),
    ),
    ...(base.monitoring.alertEmail.toLowerCase() === account
      ? [left(1, "alerts go to them", "another in monitoring.alertEmail, config/base.ts")]
      : []),
  ];
}

function ownerSteps({ login: said }: Leaver, read: ReadText): RevokeStep[] {
  const login = given(said);
  const owned = (read(".github/CODEOWNERS") ?? "")
    .split("\n")
    .filter((line) => !line.startsWith("#") && login && isNamedIn(line, `@${login}`));
  return owned.length
    ? [
        left(
          2,
          `.github/CODEOWNERS names @${login} on ${owned.length} lines`,
          "take them out, in a pull request",
        ),
      ]
    : [];
}

function keysInConfig(
  { name, account: said }: Leaver,
  base: Base,
  environments: readonly string[],
): RevokeStep[] {
  const account = given(said);
  const lists = {
    "operators.sshKeys": base.operators.sshKeys,
    "developers.sshKeys": base.developers.sshKeys,
  };
  const after = environments
    .map((env) => `ENV=${env} ./scripts/provision.sh && ./olympus release ${env}`)
    .join("; ");
  const theirs = ([owner, key]: [string, string]) => owner === name || isNamedIn(key, account);
  return [
    ...Object.entries(lists).flatMap(([list, keys]) =>
      Object.entries(keys)
        .filter(theirs)
        .map(([owner]) =>
          left(
            3,
            `config/base.ts: ${list} has ${owner}`,
            `delete it, and their own address from operators.cidrs and office.cidrs; then ${after}`,
          ),
        ),
    ),
    ...Object.entries(base.environments)
      .filter(([, { deployKey }]) => isNamedIn(deployKey, name, account))
      .map(([env]) =>
        left(
          3,
          `config/base.ts: the deploy's key of ${env} is theirs`,
          `a new one there and in the GitHub environment's SSH_KEY; then ${after}`,
        ),
      ),
  ];
}

function recipientSteps(
  { name, account, age: said }: Leaver,
  environments: readonly string[],
  read: ReadText,
): RevokeStep[] {
  const age = given(said);
  const rules = read(".sops.yaml") ?? "";
  const isNamed = isNamedIn(rules, name, given(account)) || (age !== undefined && rules.includes(age));
  const rotate =
    "then ./olympus secrets rotate each value that they could read, push, release (docs/runbooks/revoke.md)";
  return [
    ...(isNamed ? [left(4, ".sops.yaml names their age key", "delete it there")] : []),
    ...environments
      .filter((env) => age !== undefined && read(`secrets/${env}.yaml`)?.includes(age))
      .map((env) =>
        left(
          4,
          `secrets/${env}.yaml opens with their age key`,
          `sops updatekeys secrets/${env}.yaml; ${rotate}`,
        ),
      ),
  ];
}
