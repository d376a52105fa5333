import type { EnvironmentFacts, Facts, JobFacts } from "../../containment/facts.ts";
import { untouched } from "./facts.ts";

/** The sound fleet with something else about staging. */
export const withStaging = (change: (env: EnvironmentFacts) => Partial<EnvironmentFacts>): Facts => ({
  ...untouched,
  environments: untouched.environments.map((env) =>
    env.name === "staging" ? { ...env, ...change(env) } : env,
  ),
});
/** The same with something else about a job. */
export const withJob = (name: string, change: (job: JobFacts) => Partial<JobFacts>): Facts => ({
  ...untouched,
  jobs: untouched.jobs.map((one) => (one.name === name ? { ...one, ...change(one) } : one)),
});
/** The same with one secret more in a job. */
export const secretIn = (name: string, secret: string) =>
  withJob(name, ({ secrets }) => ({ secrets: [...secrets, secret] }));
/** Credentials of production, by the names that workflows know. */
export const OPENS_PROD = [
  ...[
    "HCLOUD_TOKEN_PROD",
    "CLOUDFLARE_API_TOKEN_PROD",
    "CLOUDFLARE_API_TOKEN_ZONE_YOUR_APP_COM",
    "SSH_KEY_PROD",
  ],
];
export const STAGING_JOBS = ["deploy.yml staging", "clock.yml clock", "release.yml release"];
