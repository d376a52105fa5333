import { Hono } from "hono";
import { exampleOf } from "./description.ts";
import { GithubError, invalidRequest, notThere } from "./errors.ts";
import { bodyOf, environmentInPath, type GithubEnv, MADE, pageOf } from "./request.ts";
import type { EnvironmentRecord, GithubWorld, Reviewer } from "./world.ts";

interface Settings {
  readonly wait_timer?: number;
  readonly prevent_self_review?: boolean;
  readonly reviewers?: readonly Reviewer[] | null;
  readonly deployment_branch_policy?: EnvironmentRecord["policy"];
}

/** Of a private repository whose plan does not bring them, GitHub says no more than of what is not there. */
const withPlan = (world: GithubWorld): void => {
  if (!world.has.environments) throw notThere();
};

export const environments = new Hono<GithubEnv>()
  .get("/", (context) => {
    const world = context.get("world");
    return context.json({
      total_count: world.environments.length,
      environments: pageOf(context, world.environments).map((one) => view(one, world)),
    });
  })
  .get("/:environment", (context) => context.json(view(environmentInPath(context), context.get("world"))))
  .put("/:environment", async (context) => {
    const world = context.get("world");
    withPlan(world);
    const settings = await bodyOf<Settings | null>(context);
    const name = context.req.param("environment");
    if (name.length > 255) throw invalidRequest(["name is too long"]);
    requireSettings(settings ?? {}, world);
    const found = world.environment(name) ?? newEnvironment(name, world);
    // What is left out is taken away: an update says everything.
    found.waitTimer = settings?.wait_timer ?? 0;
    found.preventSelfReview = settings?.prevent_self_review ?? false;
    found.reviewers = [...(settings?.reviewers ?? [])];
    found.policy = settings?.deployment_branch_policy ?? null;
    if (!found.policy?.custom_branch_policies) found.branches = [];
    return context.json(view(found, world));
  })
  .delete("/:environment", (context) => {
    const { environments: all } = context.get("world");
    all.splice(all.indexOf(environmentInPath(context)), 1);
    return context.body(null, 204);
  })
  .get("/:environment/deployment-branch-policies", (context) => {
    const { branches } = environmentInPath(context);
    return context.json({
      total_count: branches.length,
      branch_policies: pageOf(context, branches).map(branchView),
    });
  })
  .post("/:environment/deployment-branch-policies", async (context) => {
    const found = environmentInPath(context);
    const { name } = await bodyOf<{ name: string }>(context);
    if (!found.policy?.custom_branch_policies) throw notThere();
    const branch = found.branches.find((one) => one.name === name) ?? {
      id: context.get("world").newId(),
      name,
    };
    if (found.branches.includes(branch)) return context.body(null, 303);
    found.branches.push(branch);
    return context.json(branchView(branch));
  })
  .delete("/:environment/deployment-branch-policies/:branch", (context) => {
    const { branches } = environmentInPath(context);
    const index = branches.findIndex(({ id }) => String(id) === context.req.param("branch"));
    if (index < 0) throw notThere();
    branches.splice(index, 1);
    return context.body(null, 204);
  });

const LARGEST_REVIEW = 6;

function requireSettings(
  { reviewers, wait_timer, deployment_branch_policy: policy }: Settings,
  world: GithubWorld,
): void {
  const rule = reviewers?.length ? "required reviewers" : wait_timer ? "wait timer" : undefined;
  if (rule && !world.has.reviewers)
    throw new GithubError(
      422,
      `Failed to create the environment protection rule. Please ensure the billing plan supports the ${rule} protection rule.`,
    );
  if (policy && policy.protected_branches === policy.custom_branch_policies)
    throw invalidRequest(["protected_branches and custom_branch_policies cannot have the same value"]);
  if ((reviewers?.length ?? 0) > LARGEST_REVIEW) throw invalidRequest(["at most 6 reviewers"]);
  for (const { type, id } of reviewers ?? [])
    if (!accountOf({ type, id }, world)) throw invalidRequest([`reviewers: no ${type} has the id ${id}`]);
}

const accountOf = ({ type, id }: Reviewer, { options }: GithubWorld) =>
  options[type === "User" ? "users" : "teams"].find((account) => account.id === id);

function newEnvironment(name: string, world: GithubWorld): EnvironmentRecord {
  const made: EnvironmentRecord = {
    name,
    id: world.newId(),
    waitTimer: 0,
    preventSelfReview: false,
    reviewers: [],
    policy: null,
    branches: [],
    secrets: new Map(),
    variables: new Map(),
  };
  world.environments.push(made);
  return made;
}

function view(one: EnvironmentRecord, world: GithubWorld): object {
  const { name, id, waitTimer, preventSelfReview, reviewers, policy } = one;
  const rule = (type: string, more: object = {}) => ({ id: id * 10, node_id: `R_${type}`, type, ...more });
  return {
    ...exampleOf("GET /repos/{owner}/{repo}/environments/{environment_name}"),
    id,
    name,
    created_at: MADE,
    updated_at: MADE,
    protection_rules: [
      ...(waitTimer ? [rule("wait_timer", { wait_timer: waitTimer })] : []),
      ...(reviewers.length
        ? [
            rule("required_reviewers", {
              prevent_self_review: preventSelfReview,
              reviewers: reviewers.map((reviewer) => reviewerView(reviewer, world)),
            }),
          ]
        : []),
      ...(policy ? [rule("branch_policy")] : []),
    ],
    deployment_branch_policy: policy,
  };
}

/** The example's own person and team, under the name and id that they have here. */
function reviewerView({ type, id }: Reviewer, world: GithubWorld): object {
  const { protection_rules: rules } = exampleOf(
    "GET /repos/{owner}/{repo}/environments/{environment_name}",
  ) as {
    protection_rules: { reviewers?: { type: string; reviewer: object }[] }[];
  };
  const example = rules.flatMap(({ reviewers = [] }) => reviewers).find((one) => one.type === type)?.reviewer;
  const name = accountOf({ type, id }, world)?.name ?? "";
  return {
    type,
    reviewer: { ...example, id, ...(type === "User" ? { login: name } : { name, slug: name }) },
  };
}

const branchView = ({ id, name }: { id: number; name: string }) => ({
  id,
  node_id: `B_${id}`,
  name,
  type: "branch",
});
