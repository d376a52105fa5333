import type { Accepted } from "../../containment/entries.ts";
import type { Facts } from "../../containment/facts.ts";
import { MACHINE_SECRETS } from "../../containment/machine-secrets.ts";
import { machineNetworks } from "../../stacks/service-facts.ts";

/** What its team accepts. */
export const DECISIONS: Accepted = {
  "shared-zone": { reason: "one zone is enough", until: "2027-05-31" },
  "shared-site": { reason: "open to the office alone", until: "2027-05-31" },
  "plan-of-pull-requests": { reason: "a plan is worth it", until: "2027-05-31" },
};

/** A sound fleet as the theorem sees it: two environments in one zone, states in buckets of their own. */
export const untouched: Facts = {
  environments: [
    {
      name: "prod",
      servesRealPeople: true,
      hosts: ["your-app.com", "ciam.your-app.com"],
      zone: "your-app.com",
      site: "your-app.com",
      stateBucket: "acme-prod",
      tokens: ["hcloud_token_prod", "cloudflare_token_prod"],
      backupRepository: "s3:https://store/acme-prod",
      sshKeys: ["key-of-an-operator", "deploy-key-of-prod"],
      deployKey: "deploy-key-of-prod",
      certificateNames: ["your-app.com", "ciam.your-app.com"],
      workers: [],
    },
    {
      name: "staging",
      servesRealPeople: false,
      hosts: ["staging.your-app.com", "staging-ciam.your-app.com"],
      zone: "your-app.com",
      site: "your-app.com",
      tokens: ["hcloud_token_staging", "cloudflare_token_staging"],
      backupRepository: "s3:https://store/acme-staging",
      sshKeys: ["key-of-an-operator", "deploy-key-of-staging", "key-of-a-developer"],
      deployKey: "deploy-key-of-staging",
      certificateNames: ["staging.your-app.com", "staging-ciam.your-app.com"],
      workers: [
        {
          name: "olympus-staging-clock",
          bindings: [
            { name: "COMMANDS", type: "plain_text" },
            { name: "GITHUB_TOKEN", type: "secret_text" },
          ],
        },
      ],
    },
  ],
  locksProviders: false,
  zones: [{ stack: "zone-your-app-com", zone: "your-app.com", stateBucket: "acme-zone" }],
  jobs: [
    {
      ...{ name: "deploy.yml staging", environments: ["staging"], runners: ["deploy-staging"] },
      ...{ onPullRequest: false, writes: [] },
      secrets: ["CLOUDFLARE_API_TOKEN", "HCLOUD_TOKEN", "SMOKE_PASSWORD", "SSH_KEY", "STATE_ACCESS_KEY_ID"],
    },
    {
      ...{ name: "deploy.yml prod", environments: ["prod"], runners: ["deploy-prod"] },
      ...{ onPullRequest: false, writes: [] },
      secrets: ["SMOKE_PASSWORD", "SSH_KEY"],
    },
    ...["clock.yml clock", "release.yml release"].map((name) => ({
      ...{ name, environments: ["staging"], runners: ["deploy-staging"] },
      ...{ onPullRequest: false, writes: ["issues"] },
      secrets: ["HCLOUD_TOKEN", "SSH_KEY"],
    })),
    {
      ...{ name: "pr.yml plan", environments: [], runners: [], onPullRequest: true },
      writes: ["pull-requests"],
      secrets: ["HCLOUD_TOKEN_PROD_READ", "HCLOUD_TOKEN_STAGING_READ", "CLOUDFLARE_API_TOKEN_PROD_READ"],
    },
    ...["pr.yml check", "long.yml long"].map((name) => ({
      ...{
        name,
        environments: [],
        runners: [],
        onPullRequest: true,
        writes: [],
        secrets: [],
      },
    })),
    {
      ...{ name: "drift.yml drift", environments: [], runners: [], onPullRequest: false },
      ...{ writes: [], secrets: ["HCLOUD_TOKEN_PROD_READ"] },
    },
  ],
  machine: machineNetworks(),
  machineSecrets: Object.entries(MACHINE_SECRETS).map(([key, { heldBy }]) => ({
    key,
    consumers: [...heldBy],
  })),
  people: [
    { where: "operator", key: "key-of-an-operator" },
    { where: "developer", key: "key-of-a-developer" },
  ],
};
