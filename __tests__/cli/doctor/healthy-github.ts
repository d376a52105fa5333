/** As GitHub lists secrets, variables and labels. */
export const asNames = (...all: string[]) => all.map((name) => ({ name }));

const STACKS = ["PROD", "STAGING", "ZONE_YOUR_APP_COM"];

/** What GitHub answers of a repository that is set as the runbooks say, by the end of the path. */
export const healthyGithub = (): Record<string, unknown> => ({
  "your-org/olympus-infra": { private: true },
  "rules/branches/main": [
    { type: "non_fast_forward" },
    { type: "pull_request", parameters: { required_approving_review_count: 1 } },
  ],
  environments: { environments: [{ name: "staging", deployment_branch_policy: ONLY_PROTECTED }] },
  "actions/secrets": {
    secrets: asNames(
      ...["HCLOUD_TOKEN_PROD_READ", "HCLOUD_TOKEN_STAGING_READ"],
      ...STACKS.flatMap((stack) =>
        ["CLOUDFLARE_API_TOKEN", "STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"].map(
          (key) => `${key}_${stack}_READ`,
        ),
      ),
    ),
  },
  "environments/staging/secrets": {
    secrets: asNames(
      ...["SSH_KEY", "SMOKE_PASSWORD", "HCLOUD_TOKEN", "CLOUDFLARE_API_TOKEN"],
      ...["STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"],
    ),
  },
  "environments/staging/variables": { variables: asNames("HOST", "HOST_KEY", "SMOKE_EMAIL") },
  "actions/runners": { runners: [{ name: "r1", status: "online", labels: asNames("deploy-staging") }] },
});
const ONLY_PROTECTED = { protected_branches: true, custom_branch_policies: false };
