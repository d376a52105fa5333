import { z } from "zod";
import { printableLine } from "../../../lib/printable.ts";
import { gh } from "../../shared/github.ts";
import { given, type Leaver, left, type RevokeStep } from "./steps.ts";

/** https://docs.github.com/rest/deployments/environments, "List environments": who must approve. */
const environments = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      protection_rules: z
        .array(
          z.object({
            reviewers: z.array(z.object({ reviewer: z.object({ login: z.string().optional() }) })).optional(),
          }),
        )
        .default([]),
    }),
  ),
});
/** https://docs.github.com/rest/deploy-keys/deploy-keys, "List deploy keys". */
const keys = z.array(z.object({ id: z.number(), title: z.string(), added_by: z.string().nullish() }));
/** https://docs.github.com/rest/actions/workflow-runs, "List workflow runs for a repository". */
const runs = z.object({ workflow_runs: z.array(z.object({ id: z.number(), status: z.string().nullish() })) });

/** What GitHub still gives a person here, each with the command that ends it. */
export async function githubSteps({ login: said }: Leaver, repository: string): Promise<RevokeStep[]> {
  const login = given(said);
  if (!login) return [];
  const isThere = async (path: string): Promise<boolean> => {
    try {
      await gh([path]);
      return true;
    } catch (error) {
      if (error instanceof Error && /HTTP 404/.test(error.message)) return false;
      throw error;
    }
  };
  const ask = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
    shape.parse(JSON.parse(await gh([path])));
  const [owner = ""] = repository.split("/");
  const of = `repos/${repository}`;
  try {
    const reviewed = await ask(`${of}/environments?per_page=100`, environments);
    const deployKeys = await ask(`${of}/keys?per_page=100`, keys);
    const { workflow_runs } = await ask(`${of}/actions/runs?actor=${login}&per_page=100`, runs);
    const same = (name: string | null | undefined) => name?.toLowerCase() === login.toLowerCase();
    return [
      ...((await isThere(`${of}/collaborators/${login}`))
        ? [
            left(
              2,
              `${login} may write or read ${repository}`,
              `gh api -X DELETE ${of}/collaborators/${login}`,
            ),
          ]
        : []),
      ...((await isThere(`orgs/${owner}/members/${login}`))
        ? [left(2, `${login} is a member of ${owner}`, `gh api -X DELETE orgs/${owner}/members/${login}`)]
        : []),
      ...reviewed.environments
        .filter(({ protection_rules }) =>
          protection_rules.some(({ reviewers = [] }) =>
            reviewers.some(({ reviewer }) => same(reviewer.login)),
          ),
        )
        .map(({ name }) =>
          left(
            2,
            `${login} approves deploys to ${printableLine(name)}`,
            `https://github.com/${repository}/settings/environments: take them out of the reviewers`,
          ),
        ),
      ...deployKeys
        .filter(({ added_by }) => same(added_by))
        .map(({ id, title }) =>
          left(2, `a deploy key of theirs, «${printableLine(title)}»`, `gh api -X DELETE ${of}/keys/${id}`),
        ),
      ...workflow_runs
        .filter(({ status }) => status !== "completed")
        .map(({ id, status }) =>
          left(
            2,
            `a run that they started is ${printableLine(status ?? "open")}`,
            `gh api -X POST ${of}/actions/runs/${id}/cancel`,
          ),
        ),
    ];
  } catch (error) {
    const why = printableLine(error instanceof Error ? error.message : String(error)).slice(0, 300);
    return [
      left(
        2,
        `GitHub was not asked: ${why}`,
        "gh auth login, with an account that administers the repository",
      ),
    ];
  }
}
