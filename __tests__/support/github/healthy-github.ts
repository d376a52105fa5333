import type { EnvironmentRecord, GithubService } from "@olympus-infra/github-emulator";

const STACKS = ["PROD", "STAGING", "ZONE_YOUR_APP_COM"];
const OF_STACKS = ["CLOUDFLARE_API_TOKEN", "STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"];
const OF_EACH = ["SSH_KEY", "SMOKE_PASSWORD"];
const OF_STAGING = [
  ...[...OF_EACH, "HCLOUD_TOKEN", "CLOUDFLARE_API_TOKEN"],
  ...["STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"],
];
const held = (...names: string[]) => new Map(names.map((name) => [name, "x"]));

/** An environment that takes main alone, as the runbooks say. */
export const guardedEnvironment = (
  id: number,
  name: string,
  more: Partial<EnvironmentRecord> = {},
): EnvironmentRecord => ({
  ...{ id, name, waitTimer: 0, preventSelfReview: false, reviewers: [] },
  policy: { protected_branches: false, custom_branch_policies: true },
  branches: [{ id: id * 10, name: "main" }],
  ...{ secrets: new Map(), variables: new Map(), ...more },
});

/** Sets main as the runbooks say. */
export function guardMain({ world }: GithubService): void {
  world.rulesets.push({
    ...{ id: 1, name: "main", target: "branch", enforcement: "active", bypass_actors: [] },
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [{ type: "deletion" }, { type: "non_fast_forward" }, { type: "pull_request", parameters: REVIEW }],
  });
}
const REVIEW = {
  ...{ required_approving_review_count: 1, require_code_owner_review: true },
  ...{ dismiss_stale_reviews_on_push: false, require_last_push_approval: false },
  required_review_thread_resolution: false,
};

/** Sets the repository as the runbooks say, and has a runner of it. */
export function makeHealthy(github: GithubService): void {
  const { world } = github;
  guardMain(github);
  const variables = () => held("HOST", "HOST_KEY", "SMOKE_EMAIL");
  const ofStaging = { secrets: held(...OF_STAGING), variables: variables() };
  const ofProd = { secrets: held(...OF_EACH), variables: variables(), ...REVIEWED };
  world.environments.push(guardedEnvironment(2, "staging", ofStaging), guardedEnvironment(3, "prod", ofProd));
  const read = [
    ...["HCLOUD_TOKEN_PROD", "HCLOUD_TOKEN_STAGING"],
    ...STACKS.flatMap((stack) => OF_STACKS.map((key) => `${key}_${stack}`)),
  ];
  for (const name of read) world.secrets.set(`${name}_READ`, "x");
  for (const [at, name] of ["staging", "prod"].entries())
    world.runners.push({ name: `r${at + 1}`, status: "online", labels: [`deploy-${name}`] });
}
/** By jane of {@link emulatedGithub}, who does not approve her own. */
const REVIEWED = { reviewers: [{ type: "User" as const, id: 7 }], preventSelfReview: true };
