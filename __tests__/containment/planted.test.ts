import { expect, test } from "vitest";
import type { Facts } from "../../containment/facts.ts";
import { evaluateContainment } from "../../containment/theorem.ts";
import { DECISIONS, untouched } from "./facts.ts";
import { OPENS_PROD, STAGING_JOBS, secretIn, withJob, withStaging } from "./plant.ts";

const [prod] = untouched.environments;
if (!prod) throw new Error("the fixture has an environment");

const UNKNOWN = [
  ...[
    "AGE_KEY",
    "SOPS_AGE_KEY",
    "NPM_TOKEN",
    "DEPLOY_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "GH_PAT",
    "HCLOUD_TOKEN_LIVE",
  ],
  ...["SLACK_WEBHOOK", "BACKUP_PASSWORD", "KUBECONFIG"],
];
/** Planted credentials, each with what must be said: half of them are in no table. */
const planted: [title: string, facts: Facts, law: string, says: string][] = [
  ...STAGING_JOBS.flatMap((name) =>
    OPENS_PROD.map((secret): [string, Facts, string, string] => [
      `${secret} in ${name}`,
      secretIn(name, secret),
      "containment",
      "of prod",
    ]),
  ),
  ...OPENS_PROD.map((secret): [string, Facts, string, string] => [
    `${secret} in a pull request's plan`,
    secretIn("pr.yml plan", secret),
    "containment",
    "of prod",
  ]),
  ...[...STAGING_JOBS, "pr.yml plan", "drift.yml drift"].flatMap((name) =>
    UNKNOWN.slice(0, 4).map((secret): [string, Facts, string, string] => [
      `${secret} in ${name}`,
      secretIn(name, secret),
      "undeclared",
      secret,
    ]),
  ),
  ...UNKNOWN.slice(4).map((secret): [string, Facts, string, string] => [
    `${secret} in deploy.yml`,
    secretIn("deploy.yml staging", secret),
    "undeclared",
    secret,
  ]),
  ["all secrets in a job", secretIn("deploy.yml staging", "*"), "undeclared", "*"],
  [
    "staging's deploy key on prod",
    {
      ...untouched,
      environments: untouched.environments.map((env) =>
        env.name === "prod" ? { ...env, sshKeys: [...env.sshKeys, "deploy-key-of-staging"] } : env,
      ),
    },
    "containment",
    "machine of prod",
  ],
  [
    "one deploy key for both",
    withStaging(() => ({ deployKey: prod.deployKey })),
    "containment",
    "machine of prod",
  ],
  [
    "a key that is no person's",
    withStaging(({ sshKeys }) => ({ sshKeys: [...sshKeys, "a-key-of-somebody"] })),
    "undeclared",
    "SSH key",
  ],
  [
    "one runner for both",
    withJob("deploy.yml staging", () => ({ runners: ["deploy-prod"] })),
    "containment",
    "runner deploy-prod",
  ],
  [
    "prod's job on staging's runner",
    withJob("deploy.yml prod", () => ({ runners: ["deploy-staging"] })),
    "containment",
    "runner deploy-staging",
  ],
  [
    "staging's job in prod's environment",
    withJob("deploy.yml staging", () => ({ environments: ["staging", "prod"] })),
    "containment",
    "of prod",
  ],
  [
    "one store of backups",
    withStaging(() => ({ backupRepository: prod.backupRepository })),
    "containment",
    "backups of prod",
  ],
  [
    "a certificate for a host of prod",
    withStaging(() => ({ certificateNames: [prod.hosts[0] ?? ""] })),
    "containment",
    "TLS of its hosts of prod",
  ],
  [
    "a certificate with a star",
    withStaging(() => ({ certificateNames: ["*.your-app.com"] })),
    "containment",
    "TLS of its hosts of prod",
  ],
  [
    "prod's token in staging's stack",
    withStaging(({ tokens }) => ({ tokens: [...tokens, "hcloud_token_prod"] })),
    "containment",
    "of prod",
  ],
  [
    "an unknown token in staging's stack",
    withStaging(({ tokens }) => ({ tokens: [...tokens, "sentry_token"] })),
    "undeclared",
    "sentry_token",
  ],
  ...["DATABASE_URL", "HCLOUD_TOKEN", "R2_KEY", "SIGNING_KEY"].map(
    (name): [string, Facts, string, string] => [
      `${name} bound to the Worker`,
      withStaging(({ workers }) => ({
        workers: workers.map((one) => ({
          ...one,
          bindings: [...one.bindings, { name, type: "secret_text" }],
        })),
      })),
      "undeclared",
      name,
    ],
  ),
  ...["kv_namespace", "service", "d1"].map((type): [string, Facts, string, string] => [
    `a ${type} bound to the Worker`,
    withStaging(({ workers }) => ({
      workers: workers.map((one) => ({ ...one, bindings: [...one.bindings, { name: "STORE", type }] })),
    })),
    "undeclared",
    "STORE",
  ]),
  ...["LDAP_PASSWORD", "SENTRY_DSN", "CIAM_HYDRA_DB_PASSWORD_OLD"].map(
    (key): [string, Facts, string, string] => [
      `${key} on the machine`,
      { ...untouched, machineSecrets: [...untouched.machineSecrets, { key, consumers: ["site"] }] },
      "undeclared",
      key,
    ],
  ),
  ...(
    [
      ["IAM_KRATOS_DB_PASSWORD", "site"],
      ["POSTGRES_SUPERUSER_PASSWORD", "ciam-hera"],
      ["OLYMPUS_IAM_DB_PASSWORD", "ciam-athena"],
      ["BACKUP_PASSWORD", "pgadmin"],
      ["IAM_HYDRA_SECRET_SYSTEM", "ciam-hydra"],
      ["ORIGIN_TLS_KEY", "site"],
    ] as const
  ).map(([key, service]): [string, Facts, string, string] => [
    `${key} for ${service}`,
    {
      ...untouched,
      machineSecrets: untouched.machineSecrets.map((one) =>
        one.key === key ? { ...one, consumers: [...one.consumers, service] } : one,
      ),
    },
    "containment",
    `service ${service}`,
  ]),
  ...["prod", "zone-your-app-com"].map((stack): [string, Facts, string, string] => [
    `one bucket for the states of staging and ${stack}`,
    {
      ...untouched,
      environments: untouched.environments.map((env) =>
        [stack, "staging"].includes(env.name) ? { ...env, stateBucket: "one" } : env,
      ),
      zones: untouched.zones.map((zone) => (zone.stack === stack ? { ...zone, stateBucket: "one" } : zone)),
    },
    "containment",
    "plan",
  ]),
];

test("there are at least sixty, half of them undeclared", () => {
  expect(planted.length).toBeGreaterThanOrEqual(60);
  expect(planted.filter(([, , law]) => law === "undeclared").length).toBeGreaterThanOrEqual(30);
});

test.each(planted)("%s", (_, facts, law, says) => {
  const { findings } = evaluateContainment(facts, DECISIONS, undefined);
  const found = findings.map((finding) => `${finding.law}: ${finding.path.join(" -> ")}`);
  expect(found.filter((text) => text.startsWith(law) && text.includes(says))).not.toEqual([]);
});
