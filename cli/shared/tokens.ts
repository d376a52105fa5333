import type { Fleet } from "../../config/index.ts";
import { hibernatedVariable, shellTokenVariable, tokenVariable } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { namedVariable } from "../../lib/process-env.ts";

/** A token that Terraform wants: the variable people set, and the Terraform variable it becomes. */
export interface TokenName {
  readonly shell: string;
  readonly terraform: string;
}

/** The token names of a stack: one for each cloud that it declares something in. */
export function tokensOf(stack: string, fleet: Fleet): TokenName[] {
  const isEnvironment = [fleet.reference, ...fleet.mirrors].some((declared) => declared.name === stack);
  const nameFor = (cloud: "hcloud" | "cloudflare"): TokenName => ({
    shell: shellTokenVariable(cloud, stack),
    terraform: tokenVariable(cloud, stack),
  });
  return isEnvironment ? [nameFor("hcloud"), nameFor("cloudflare")] : [nameFor("cloudflare")];
}

/** What tells Terraform since when an environment's server is away for the night: a value of one run, in no file. */
export const hibernatedValue = (environment: string, since: string): Record<string, string> => ({
  [`TF_VAR_${hibernatedVariable(environment)}`]: since,
});

/** TF_VAR_… of every token of the stacks, from the shell. Throws naming exactly the variables that are missing. */
export function tokenVariables(stacks: readonly string[], fleet: Fleet): Record<string, string> {
  const tokens = stacks.flatMap((stack) => tokensOf(stack, fleet));
  const value = ({ shell, terraform }: TokenName) =>
    namedVariable(shell) ?? namedVariable(`TF_VAR_${terraform}`);
  const missing = tokens.filter((token) => !value(token));
  if (missing.length)
    throw new Failure(
      [
        "Missing in the environment:",
        ...missing.map(({ shell }) => `  ${shell}`),
        "Each is a token of its own, for one stack of one cloud. docs/runbooks/provision.md says which permissions.",
      ].join("\n"),
    );
  return Object.fromEntries(tokens.map((token) => [`TF_VAR_${token.terraform}`, value(token) ?? ""]));
}
