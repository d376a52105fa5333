import type { Fleet } from "../../config/index.ts";
import { namedVariable } from "../../config/process-env.ts";
import { Failure } from "./failure.ts";

/** A token that Terraform wants: the variable people set, and the Terraform variable it becomes. */
export interface TokenName {
  readonly shell: string;
  readonly terraform: string;
}

/** The token names of a stack: one for each cloud that it declares something in. */
export function tokensOf(stack: string, fleet: Fleet): TokenName[] {
  const name = stack.replaceAll("-", "_");
  const isEnvironment = [fleet.reference, ...fleet.mirrors].some((declared) => declared.name === stack);
  const cloudflare = {
    shell: `CLOUDFLARE_API_TOKEN_${name.toUpperCase()}`,
    terraform: `cloudflare_token_${name}`,
  };
  const hcloud = { shell: `HCLOUD_TOKEN_${name.toUpperCase()}`, terraform: `hcloud_token_${name}` };
  return isEnvironment ? [hcloud, cloudflare] : [cloudflare];
}

/** What tells Terraform since when an environment's server is away for the night: a value of one run, in no file. */
export const hibernatedVariable = (environment: string): string =>
  `TF_VAR_hibernated_${environment.replaceAll("-", "_")}`;

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
