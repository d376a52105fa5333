import type { EnvironmentFacts, Facts } from "./facts.ts";
import type { Right } from "./graph.ts";

/** A credential by the name that workflows know it by, and what it opens. */
interface Credential {
  readonly name: RegExp;
  readonly what: string;
  /** Rights and places that it opens. `stack`: whose it is; `reads`: it can only read. */
  readonly opens: (facts: Facts, stack: string, reads: boolean) => readonly (Right | Opened)[];
}
export interface Opened {
  readonly to: string | Right;
  readonly entry?: string;
}

const upper = (stack: string): string => stack.replaceAll(/[.-]/g, "_").toUpperCase();
const named = (facts: Facts, stack: string): EnvironmentFacts | undefined =>
  facts.environments.find(({ name }) => name === stack);

/** Environments whose names an owner of the zone's records decides over. */
const inZone = (facts: Facts, zone: string | undefined): readonly EnvironmentFacts[] =>
  facts.environments.filter((env) => env.zone === zone);

/** What a workflow may hold. A `_STACK` behind the name says whose it is, a `_READ` that it can only read. */
const WORKFLOW_CREDENTIALS: readonly Credential[] = [
  {
    name: /^HCLOUD_TOKEN$/,
    what: "token of a Hetzner project",
    opens: (_, stack, reads) =>
      reads
        ? [{ of: stack, what: "Hetzner project", means: "inventory" }]
        : [{ of: stack, what: "server, volume and firewall", means: "write" }, { to: machinePlace(stack) }],
  },
  {
    name: /^CLOUDFLARE_API_TOKEN$/,
    what: "token of a Cloudflare zone, which is for the zone as a whole; for environments with a clock also for the account's Workers",
    opens: (facts, stack, reads) => {
      const own = named(facts, stack);
      const zone = own?.zone ?? facts.zones.find((one) => one.stack === stack)?.zone;
      const records = inZone(facts, zone).map(({ name }) => ({
        to: {
          of: name,
          what: "DNS records, certificate and zone settings",
          means: reads ? ("inventory" as const) : ("write" as const),
        },
        ...(own && name !== stack && { entry: "shared-zone" }),
      }));
      const workers =
        own?.workers.length && !reads ? facts.environments.filter((env) => env.workers.length) : [];
      return [...records, ...workers.map(({ name }) => ({ to: workerPlace(name) }))];
    },
  },
  {
    name: /^STATE_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/,
    what: "key of the bucket with a state",
    opens: (facts, stack, reads) => {
      const all = [
        ...facts.environments.map(({ name, stateBucket }) => ({ stack: name, stateBucket })),
        ...facts.zones,
      ];
      const own = all.find((one) => one.stack === stack)?.stateBucket;
      // Who writes a state decides what the next plan of that stack runs: a provider, with the tokens that it is given.
      return all
        .filter(({ stateBucket }) => own !== undefined && stateBucket === own)
        .flatMap(({ stack: of }): (Right | Opened)[] =>
          reads
            ? [{ of, what: "state", means: "inventory" }]
            : [{ of, what: "state", means: "write" }, { to: planPlace(of) }],
        );
    },
  },
  {
    name: /^SSH_KEY$/,
    what: "private half of an environment's deployKey",
    opens: (facts, stack) => {
      const key = named(facts, stack)?.deployKey;
      return facts.environments
        .filter(({ sshKeys }) => key !== undefined && sshKeys.includes(key))
        .map(({ name }) => ({ to: machinePlace(name) }));
    },
  },
  {
    name: /^SMOKE_PASSWORD$/,
    what: "password of the smoke test's own account",
    opens: (_, stack) => [{ of: stack, what: "account of the smoke test", means: "inventory" }],
  },
];

export const machinePlace = (environment: string): string => `machine of ${environment}`;
export const workerPlace = (environment: string): string => `Worker of ${environment}`;
export const planPlace = (stack: string): string => `plan of ${stack}`;

/** A secret of a workflow: which credential it is, of which stack; undefined where the table knows none of its name. */
export function credentialOf(
  facts: Facts,
  secret: string,
  environment: string | undefined,
): { readonly stack: string; readonly opens: readonly Opened[] } | undefined {
  const reads = secret.endsWith("_READ");
  const bare = reads ? secret.slice(0, -"_READ".length) : secret;
  const stacks = [...facts.environments.map(({ name }) => name), ...facts.zones.map(({ stack }) => stack)];
  const suffixed = stacks.find((stack) => bare.endsWith(`_${upper(stack)}`));
  const name = suffixed ? bare.slice(0, -(upper(suffixed).length + 1)) : bare;
  const stack = suffixed ?? environment;
  const credential = WORKFLOW_CREDENTIALS.find((one) => one.name.test(name));
  if (!credential || !stack) return undefined;
  return {
    stack,
    opens: credential.opens(facts, stack, reads).map((one) => ("means" in one ? { to: one } : one)),
  };
}

/** Bindings of a Worker that are credentials, each with where it ends. */
export const WORKER_SECRETS: Readonly<Record<string, readonly Right[]>> = {
  // "Actions: write" is the narrowest that starts a workflow. What it starts is main's code, in an environment that GitHub guards.
  GITHUB_TOKEN: [{ what: "runs of the repository's workflows: start, cancel, disable", means: "write" }],
  ALERT_WEBHOOK_URL: [{ what: "alerts: send a false one", means: "write" }],
};

/** Kinds of binding that hold no secret. */
export const PLAIN_BINDINGS = ["plain_text", "json"];
