import { credentialOf, machinePlace, PLAIN_BINDINGS, WORKER_SECRETS, workerPlace } from "./credentials.ts";
import { type Accepted, type EntryName, standing } from "./entries.ts";
import type { Facts } from "./facts.ts";
import { closure, type Reached, type Right } from "./graph.ts";
import { MACHINE_SECRETS } from "./machine-secrets.ts";
import { serviceFindings } from "./services.ts";
import { attackSteps, PULL_REQUEST, secretOfToken, secretsOf } from "./steps.ts";

/** Something that opens production and may not, or a credential that nobody has declared. */
export interface ContainmentFinding {
  readonly law: "containment" | "undeclared";
  /** Where the attack begins, or where the credential is. */
  readonly from: string;
  /** Every step of it, the last what it reaches. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What an attacker reaches from one start. */
export interface Closure {
  readonly from: string;
  readonly reached: readonly Reached[];
}

/** A path into production that goes through what the team has accepted. */
export interface AcceptedPath extends Reached {
  readonly from: string;
}

export interface ContainmentReport {
  readonly closures: readonly Closure[];
  readonly accepted: readonly AcceptedPath[];
  readonly findings: readonly ContainmentFinding[];
  /** Entries that must be decided again within 30 days. */
  readonly expiring: readonly EntryName[];
  /** Entries that no path needs any more. */
  readonly unused: readonly EntryName[];
}

/**
 * Computes what an attacker reaches who holds everything of one environment, its Worker, or a pull request. Nothing of it may
 * write to another environment that serves real people, or read its data or secrets; and no service of a machine may reach a port that
 * `talks.ts` does not give it. Pure: the same facts give the same report.
 */
export function evaluateContainment(
  facts: Facts,
  accepted: Accepted,
  today: Date | undefined,
): ContainmentReport {
  const steps = attackSteps(facts);
  const closures: Closure[] = [];
  const through: AcceptedPath[] = [];
  const findings: ContainmentFinding[] = [...undeclared(facts), ...strayServices(facts)];
  const needed = new Set<string>();
  const isAccepted = (entry: string) =>
    ["accepted", "expires soon"].includes(standing(accepted, entry, today));
  for (const { from, places, own } of starts(facts)) {
    const reached = closure(steps, places);
    closures.push({ from, reached: reached.filter(({ entries }) => entries.length === 0) });
    for (const one of reached.filter(({ right }) => isForbidden(facts, right, own, from))) {
      for (const entry of one.entries) needed.add(entry);
      const open = one.entries.filter((entry) => !isAccepted(entry));
      if (one.entries.length > 0 && open.length === 0) through.push({ from, ...one });
      else
        findings.push({
          law: "containment",
          from,
          path: one.path,
          message: open.length
            ? open.map((entry) => `${entry} is ${standing(accepted, entry, today)}`).join(", ")
            : "nothing on this path may be accepted: take one of its steps away",
        });
    }
  }
  const names = Object.keys(accepted) as EntryName[];
  const expiring = names.filter((name) => standing(accepted, name, today) === "expires soon");
  const unused = names.filter((name) => accepted[name] && !needed.has(name));
  return { closures, accepted: through, findings, expiring, unused };
}

interface Start {
  readonly from: string;
  readonly places: readonly string[];
  /** The environment whose own things it may have. */
  readonly own?: string;
}

const starts = ({ environments }: Facts): Start[] => [
  ...environments.map(({ name }) => ({
    from: `everything that ${name} holds`,
    places: [secretsOf(name), machinePlace(name), workerPlace(name)],
    own: name,
  })),
  { from: PULL_REQUEST, places: [PULL_REQUEST] },
  ...environments
    .filter(({ workers }) => workers.length)
    .map(({ name }) => ({ from: workerPlace(name), places: [workerPlace(name)], own: name })),
];

/** A pull request may read no inventory either without the team knowing. */
const isForbidden = (
  { environments }: Facts,
  { of, means }: Right,
  own: string | undefined,
  from: string,
): boolean =>
  of !== own &&
  environments.some(({ name, servesRealPeople }) => name === of && servesRealPeople) &&
  (means !== "inventory" || from === PULL_REQUEST);

const strayServices = ({ machine }: Facts): ContainmentFinding[] =>
  serviceFindings(machine).map(({ service, path, message }) => ({
    law: "containment",
    from: `service ${service}`,
    path: [`service ${service}`, ...path],
    message,
  }));

/** Credentials that workflows, Workers, configuration or the machine know and the tables do not. */
function undeclared(facts: Facts): ContainmentFinding[] {
  const found = (from: string, name: string, table: string): ContainmentFinding => ({
    law: "undeclared",
    from,
    path: [from, name],
    message: `${table} does not say what ${name} opens`,
  });
  const keys = new Set([
    ...facts.people.map(({ key }) => key),
    ...facts.environments.map(({ deployKey }) => deployKey),
  ]);
  return [
    ...facts.jobs.flatMap(({ name, secrets, environments }) =>
      secrets
        .filter((secret) => !credentialOf(facts, secret, environments[0]))
        .map((secret) => found(name, secret, "containment/credentials.ts")),
    ),
    ...facts.environments.flatMap((env) => [
      ...env.workers.flatMap(({ bindings, name: worker }) =>
        bindings
          .filter(({ name, type }) => !PLAIN_BINDINGS.includes(type) && !Object.hasOwn(WORKER_SECRETS, name))
          .map(({ name }) => found(worker, name, "containment/credentials.ts")),
      ),
      ...env.sshKeys
        .filter((key) => !keys.has(key))
        .map((key) => found(machinePlace(env.name), `SSH key ${key.slice(-12)}`, "config/base.ts")),
      ...env.tokens
        .filter((token) => !credentialOf(facts, secretOfToken(token), env.name))
        .map((token) => found(`stack ${env.name}`, token, "containment/credentials.ts")),
    ]),
    ...facts.machineSecrets.flatMap(({ key, consumers }) => {
      const declared = Object.hasOwn(MACHINE_SECRETS, key) ? MACHINE_SECRETS[key] : undefined;
      if (!declared) return [found("host/release/secrets.keys.yaml", key, "containment/machine-secrets.ts")];
      return consumers
        .filter((consumer) => !declared.heldBy.includes(consumer))
        .map(
          (consumer): ContainmentFinding => ({
            law: "containment",
            from: `service ${consumer}`,
            path: [`service ${consumer}`, key, declared.opens],
            message: `${consumer} may not hold ${key}; containment/machine-secrets.ts says who may`,
          }),
        );
    }),
  ];
}
