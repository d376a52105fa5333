import { credentialOf, machinePlace, planPlace, WORKER_SECRETS, workerPlace } from "./credentials.ts";
import type { Facts, JobFacts } from "./facts.ts";
import type { AttackStep, Right } from "./graph.ts";

/** Where attacks begin, and what lies between. */
export const PULL_REQUEST = "pull request of this repository";
export const LAPTOP = "laptop of an operator";
export const secretsOf = (environment: string): string => `GitHub environment ${environment}`;
export const heldSecret = (secret: string, place: string): string => `${secret} in ${place}`;
/** The shell's name of a Terraform variable with a token: `hcloud_token_prod` is HCLOUD_TOKEN_PROD. */
export const secretOfToken = (variable: string): string =>
  variable.toUpperCase().replace(/^CLOUDFLARE_TOKEN/, "CLOUDFLARE_API_TOKEN");
const runnerOf = (label: string): string => `runner ${label}`;

/** Every step that the fleet lets an attacker take. What GitHub's settings forbid is no step: {@link PRESUPPOSED}. */
export function attackSteps(facts: Facts): AttackStep[] {
  return [
    ...facts.jobs.flatMap((job) => jobSteps(facts, job)),
    ...facts.environments.flatMap((env) => [
      ...env.tokens.flatMap((token) => opened(facts, secretOfToken(token), env.name, secretsOf(env.name))),
      ...env.workers.flatMap(({ bindings }) =>
        bindings.flatMap(({ name }) =>
          (WORKER_SECRETS[name] ?? []).map((to) => ({ from: workerPlace(env.name), to })),
        ),
      ),
      {
        from: machinePlace(env.name),
        to: { of: env.name, what: "machine, as root", means: "write" as const },
      },
      { from: machinePlace(env.name), to: { of: env.name, what: "databases", means: "data" as const } },
      {
        from: machinePlace(env.name),
        to: { of: env.name, what: "secrets of its services", means: "secrets" as const },
      },
      ...facts.environments
        .filter(({ backupRepository }) => backupRepository === env.backupRepository)
        .map(({ name }) => ({
          from: machinePlace(env.name),
          to: { of: name, what: "backups", means: "data" as const },
        })),
      // Its key lies on the machine: with a certificate for another's host it could stand in for it.
      ...facts.environments
        .filter(({ hosts }) => hosts.some((host) => env.certificateNames.some((name) => covers(name, host))))
        .map(({ name }) => ({
          from: machinePlace(env.name),
          to: { of: name, what: "TLS of its hosts", means: "write" as const },
        })),
      ...facts.environments
        .filter(({ name, site }) => name !== env.name && site === env.site)
        .map(({ name }) => ({
          from: machinePlace(env.name),
          to: { of: name, what: "cookies of its visitors", means: "write" as const },
          entry: "shared-site",
        })),
    ]),
    // A state says which provider is downloaded and run, by whoever plans: on a laptop with all that is there.
    ...(facts.locksProviders ? [] : stacksOf(facts)).map((stack) => ({
      from: planPlace(stack),
      to: LAPTOP,
      entry: "plan-on-a-laptop",
    })),
    ...facts.environments.flatMap(({ name }) => [
      { from: LAPTOP, to: machinePlace(name) },
      { from: LAPTOP, to: { of: name, what: "everything in its clouds", means: "write" as const } },
    ]),
  ];
}

const stacksOf = ({ environments, zones }: Facts): string[] => [
  ...environments.map(({ name }) => name),
  ...zones.map(({ stack }) => stack),
];

/** A certificate's name for a host: itself, or a star for its first label. */
const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1));

function jobSteps(facts: Facts, job: JobFacts): AttackStep[] {
  const places = job.environments.map(secretsOf);
  const held = job.secrets.flatMap((secret): AttackStep[] => {
    if (places.length === 0) return opened(facts, secret, undefined, PULL_REQUEST);
    return job.environments.flatMap((environment) =>
      opened(facts, secret, environment, secretsOf(environment)),
    );
  });
  // What one job leaves on a runner of one's own reads the secrets of the next, and a job's secrets are on its runner.
  const runners = job.runners.flatMap((label, i) => {
    const place = job.environments.length === job.runners.length ? places.slice(i, i + 1) : places;
    return place.flatMap((at) => [
      { from: at, to: runnerOf(label) },
      { from: runnerOf(label), to: at },
    ]);
  });
  const token = job.writes.map((what): Right => ({ what: `${what} of the repository`, means: "write" }));
  const holders = places.length ? places : job.onPullRequest ? [PULL_REQUEST] : [];
  return [...held, ...runners, ...holders.flatMap((from) => token.map((to) => ({ from, to })))];
}

/** A secret without an environment is the repository's: any branch's workflow may read it, and so may whoever pushes one. */
function opened(facts: Facts, secret: string, environment: string | undefined, place: string): AttackStep[] {
  const credential = credentialOf(facts, secret, environment);
  const name = heldSecret(secret, place);
  return [
    { from: place, to: name },
    ...(credential?.opens ?? []).map(({ to, entry }): AttackStep => {
      const isOfPlans = environment === undefined && typeof to !== "string" && to.means === "inventory";
      const why = isOfPlans ? "plan-of-pull-requests" : entry;
      return { from: name, to, ...(why && { entry: why }) };
    }),
  ];
}
