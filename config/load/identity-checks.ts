import { keyBody } from "./fields.ts";
import { type Problem, problemOf } from "./problems.ts";
import type { Base } from "./schema.ts";

/** What is wrong with the blocks of `environments` in the base, against the names that are declared. */
export const identityProblems = (base: Base, names: readonly string[]): Problem[] => [
  ...names
    .filter((name) => !Object.hasOwn(base.environments, name))
    .map((name) => ({
      file: "config/base.ts",
      path: `environments.${name}`,
      value: "nothing",
      allowed: "a block for every environment of config/environments.ts",
      remedy:
        "write its deployKey (`ssh-keygen -t ed25519`, the private half for its deploy alone) and its firstAdministrator",
    })),
  ...keyProblems(base),
];

/** A key that stands twice opens more than the line where it is read says: staging's deploy key would be root on production. */
function keyProblems({ operators, developers, environments }: Base): Problem[] {
  const keys = [
    ...Object.entries(operators.sshKeys).map(([owner, key]) => [`operators.sshKeys.${owner}`, key] as const),
    ...Object.entries(developers.sshKeys).map(
      ([owner, key]) => [`developers.sshKeys.${owner}`, key] as const,
    ),
    ...Object.entries(environments).map(
      ([name, { deployKey }]) => [`environments.${name}.deployKey`, deployKey] as const,
    ),
  ];
  return keys.flatMap(([path, key], i) => {
    const earlier = keys.slice(0, i).find(([, other]) => keyBody(other) === keyBody(key));
    return earlier
      ? [
          problemOf(
            "base",
            path,
            key,
            `another key than ${earlier[0]}`,
            "give each person and each deploy a key of its own; what operators hold opens every environment, anything else one kind",
          ),
        ]
      : [];
  });
}
