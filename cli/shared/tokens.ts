import type { Fleet } from "../../config/index.ts";
import { hibernatedVariable, shellTokenVariable, tokenVariable } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { credentialsOwner, namedVariable } from "../../lib/process-env.ts";

/** A token that Terraform wants: the variable people set, and the Terraform variable it becomes. */
export interface TokenName {
  readonly shell: string;
  readonly terraform: string;
  /** The variable that a workflow sets, for the one environment that it names beside it. */
  readonly workflow: string;
  readonly stack: string;
}

/** Secrets of a GitHub environment, which says by itself whose they are. */
export const WORKFLOW_TOKENS = { hcloud: "HCLOUD_TOKEN", cloudflare: "CLOUDFLARE_API_TOKEN" } as const;

/** The token names of a stack: one for each cloud that it declares something in. */
export function tokensOf(stack: string, fleet: Fleet): TokenName[] {
  const isEnvironment = [fleet.reference, ...fleet.mirrors].some((declared) => declared.name === stack);
  const nameFor = (cloud: "hcloud" | "cloudflare"): TokenName => ({
    shell: shellTokenVariable(cloud, stack),
    terraform: tokenVariable(cloud, stack),
    workflow: WORKFLOW_TOKENS[cloud],
    stack,
  });
  return isEnvironment ? [nameFor("hcloud"), nameFor("cloudflare")] : [nameFor("cloudflare")];
}

/** What tells Terraform since when an environment's server is away for the night: a value of one run, in no file. */
export const hibernatedValue = (environment: string, since: string): Record<string, string> => ({
  [`TF_VAR_${hibernatedVariable(environment)}`]: since,
});

/** The token as this shell holds it, by any of its names. */
export const tokenValue = ({ shell, terraform, workflow, stack }: TokenName): string | undefined =>
  namedVariable(shell) ??
  namedVariable(`TF_VAR_${terraform}`) ??
  (credentialsOwner() === stack ? namedVariable(workflow) : undefined);

/** TF_VAR_… of every token of the stacks, from the shell. Throws naming exactly the variables that are missing. */
export function tokenVariables(stacks: readonly string[], fleet: Fleet): Record<string, string> {
  const tokens = stacks.flatMap((stack) => tokensOf(stack, fleet));
  const missing = tokens.filter((token) => !tokenValue(token));
  if (missing.length)
    throw new Failure(
      [
        "Missing in the environment:",
        ...missing.map(({ shell, workflow, stack }) =>
          credentialsOwner() === stack
            ? `  ${workflow}, a secret of GitHub's environment ${stack}`
            : `  ${shell}`,
        ),
        "Each is a token of its own, for one stack of one cloud. docs/runbooks/provision.md says which permissions.",
      ].join("\n"),
    );
  return Object.fromEntries(tokens.map((token) => [`TF_VAR_${token.terraform}`, tokenValue(token) ?? ""]));
}

/** Hetzner's of any environment that has one here: prices are the same for every project. */
export const hetznerTokenOfAny = (fleet: Fleet): string | undefined =>
  [fleet.reference, ...fleet.mirrors]
    .flatMap(({ name }) => tokensOf(name, fleet).slice(0, 1))
    .map(tokenValue)
    .find((token) => token);
