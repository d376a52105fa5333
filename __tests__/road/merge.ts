import { adapted } from "../host/pipeline/pipeline-fixture.ts";
import { type JobEnding, runWorkflow } from "../workflows/runner.ts";
import type { Company } from "./company.ts";

type Values = Readonly<Record<string, string>>;

/** A merge to main as GitHub runs it: the workflow's own jobs, with the variables and secrets that lie at GitHub and none of a person's. */
export async function merge(
  company: Company,
  environments: readonly string[],
): Promise<Record<string, JobEnding>> {
  const at = (kind: "variables" | "secrets"): Record<string, Values> =>
    Object.fromEntries(
      environments.map((name) => [
        name,
        Object.fromEntries(company.github?.world.environment(name)?.[kind] ?? []),
      ]),
    );
  const own = Object.entries(company.shell).filter(([name]) => !/^OLYMPUS_SSH_KEY$/.test(name));
  return runWorkflow(".github/workflows/deploy.yml", {
    ...{ cwd: await company.checkout(), env: { ...Object.fromEntries(own), OLYMPUS_ACCOUNTS: "/dev/null" } },
    ...{ vars: at("variables"), secrets: at("secrets") },
    adapt: (run) => adapted(run, company.clouds),
  });
}
