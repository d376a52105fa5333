import { z } from "zod";
import { loadFleet } from "../../config/index.ts";
import { parsedJson } from "../../lib/json.ts";
import { gh } from "../shared/github.ts";
import type { FixPlan } from "./row.ts";

/** Where GitHub's API keeps an environment. */
export const environmentPath = (name: string): string =>
  `repos/${loadFleet().base.repository}/environments/${encodeURIComponent(name)}`;

/** https://docs.github.com/rest/deployments/environments, "Get an environment": what an update would otherwise take away. */
const guardsSchema = z.object({
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.number().optional(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z.array(z.object({ type: z.string(), reviewer: z.object({ id: z.int() }) })).optional(),
      }),
    )
    .default([]),
});

/**
 * Makes an environment, or limits the one that is there to main. Its reviewers stay; those that are named come to them, and none of them
 * approves what he started.
 */
export const environmentFix = (name: string, reviewers: readonly string[] = []): FixPlan => ({
  lines: [
    `make the environment ${name} unless it is there, with main as its only branch; reviewers stay as they are`,
    ...(reviewers.length ? [`and ${reviewers.join(", ")} approve its deploys, none their own`] : []),
  ],
  async apply() {
    const path = environmentPath(name);
    const named = await Promise.all(reviewers.map(reviewerNamed));
    const there = await gh([path]).catch((error: Error) => {
      if (/HTTP 404/.test(error.message)) return "{}";
      throw error;
    });
    const rules = guardsSchema.parse(parsedJson(there)).protection_rules;
    const review = rules.find(({ type }) => type === "required_reviewers");
    const wait = rules.find(({ type }) => type === "wait_timer")?.wait_timer;
    await gh(["--method", "PUT", path, "--input", "-"], {
      ...(wait !== undefined && { wait_timer: wait }),
      ...((review || named.length > 0) && {
        prevent_self_review: named.length > 0 || (review?.prevent_self_review ?? false),
        reviewers: together(
          (review?.reviewers ?? []).map(({ type, reviewer }) => ({ type, id: reviewer.id })),
          named,
        ),
      }),
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
    const policies = `${path}/deployment-branch-policies`;
    const listed = branchesSchema.parse(parsedJson(await gh([`${policies}?per_page=100`]))).branch_policies;
    for (const { id, name: branch } of listed)
      if (branch !== "main") await gh(["--method", "DELETE", `${policies}/${id}`]);
    if (!listed.some((policy) => policy.name === "main"))
      await gh(["--method", "POST", policies, "--input", "-"], { name: "main" });
  },
});

interface Reviewer {
  readonly type: string;
  readonly id: number;
}

/** A login, or `owner/team`, by the id that GitHub wants. */
async function reviewerNamed(name: string): Promise<Reviewer> {
  const [owner, team] = name.split("/");
  const path = team === undefined ? `users/${name}` : `orgs/${owner}/teams/${team}`;
  const { id } = z.object({ id: z.int() }).parse(parsedJson(await gh([path])));
  return { type: team === undefined ? "User" : "Team", id };
}

const together = (there: readonly Reviewer[], more: readonly Reviewer[]): Reviewer[] => [
  ...there,
  ...more.filter(({ type, id }) => !there.some((one) => one.type === type && one.id === id)),
];

const branchesSchema = z.object({ branch_policies: z.array(z.object({ id: z.int(), name: z.string() })) });
