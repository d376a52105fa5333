import { z } from "zod";
import { loadFleet } from "../../config/index.ts";
import { servesRealPeople } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { gh } from "../shared/github.ts";

/** https://docs.github.com/rest/deployments/environments, "List environments". */
const environmentsSchema = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      protection_rules: z
        .array(z.object({ type: z.string(), prevent_self_review: z.boolean().optional() }))
        .default([]),
      deployment_branch_policy: z
        .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
        .nullish(),
    }),
  ),
});
type GuardedEnvironment = z.infer<typeof environmentsSchema>["environments"][number];

/** https://docs.github.com/rest/deployments/branch-policies, "List deployment branch policies". */
const policiesSchema = z.object({ branch_policies: z.array(z.object({ name: z.string() })) });

/** https://docs.github.com/rest/repos/rules, "Get rules for a branch": active rules, of the organization too. */
const rulesSchema = z.array(
  z.object({
    type: z.string(),
    parameters: z
      .object({
        required_approving_review_count: z.number().optional(),
        require_code_owner_review: z.boolean().optional(),
      })
      .nullish(),
  }),
);

/** What GitHub says of a repository's guards. */
export interface Guards {
  readonly rules: z.infer<typeof rulesSchema>;
  readonly environments: readonly GuardedEnvironment[];
  /** Branches that each environment with a list of its own takes. */
  readonly branches: Readonly<Record<string, readonly string[]>>;
}

/** What containment presupposes and GitHub does not hold, a line each with its remedy. `declared`: the environments. */
export function guardFindings(
  { rules, environments, branches }: Guards,
  declared: readonly { readonly name: string; readonly isProduction: boolean }[],
): string[] {
  const review = rules.find(({ type }) => type === "pull_request");
  return [
    ...((review?.parameters?.required_approving_review_count ?? 0) < 1
      ? ["main takes commits without a review: a ruleset for main with a pull request and one approval"]
      : []),
    ...(rules.some(({ type }) => type === "non_fast_forward")
      ? []
      : ["main takes a forced push: block it in the same ruleset"]),
    ...declared.flatMap(({ name, isProduction }) => {
      const found = environments.find((one) => one.name === name);
      if (!found)
        return [`the environment ${name} does not exist: its workflows would make one that guards nothing`];
      const policy = found.deployment_branch_policy;
      const takesMain =
        policy?.protected_branches || (policy?.custom_branch_policies && String(branches[name]) === "main");
      const reviewers = found.protection_rules.find(({ type }) => type === "required_reviewers");
      return [
        ...(takesMain
          ? []
          : [
              `the environment ${name} takes other branches than main: whoever may push one reads its secrets`,
            ]),
        ...(isProduction && !reviewers
          ? [`the environment ${name} deploys without an approval: give it required reviewers`]
          : []),
        ...(isProduction && reviewers && !reviewers.prevent_self_review
          ? [`in the environment ${name} who started a deploy may approve it: prevent self-review`]
          : []),
      ];
    }),
  ];
}

/** Asks GitHub whether it is set as containment presupposes. Prints what is not and exits 1; changes nothing. */
export async function guards({ json }: { readonly json?: boolean }): Promise<void> {
  const { base, reference, mirrors } = loadFleet();
  const declared = [reference, ...mirrors].map(({ name, environment }) => ({
    name,
    isProduction: servesRealPeople(environment),
  }));
  const findings = guardFindings(await guardsOf(base.repository), declared);
  console.log(
    json
      ? JSON.stringify({ repository: base.repository, findings }, null, 2)
      : findings.length
        ? [
            `${base.repository} is not guarded as docs/runbooks/deploy.md says:`,
            ...findings.map((line) => `  ${line}`),
          ].join("\n")
        : `${base.repository} is guarded as containment presupposes; who may use its runners GitHub tells only an organization's owner`,
  );
  process.exitCode = findings.length ? 1 : 0;
}

/** What GitHub says of a repository. Throws a {@link Failure} with its words. */
export async function guardsOf(repository: string): Promise<Guards> {
  const ask = async (path: string): Promise<unknown> =>
    JSON.parse(
      await gh([`repos/${repository}/${path}`]).catch((error: Error) => {
        throw new Failure(`GitHub does not say how ${repository} is guarded (${path}): ${error.message}`);
      }),
    );
  const { environments } = environmentsSchema.parse(await ask("environments?per_page=100"));
  const listed = environments.filter((one) => one.deployment_branch_policy?.custom_branch_policies);
  const branches: Record<string, string[]> = {};
  for (const { name } of listed) {
    const path = `environments/${encodeURIComponent(name)}/deployment-branch-policies?per_page=100`;
    branches[name] = policiesSchema.parse(await ask(path)).branch_policies.map((policy) => policy.name);
  }
  return { rules: rulesSchema.parse(await ask("rules/branches/main?per_page=100")), environments, branches };
}
