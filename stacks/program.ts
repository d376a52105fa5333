import type { App } from "cdktf";
import type { Environment } from "../config/environment.ts";
import type { Fleet } from "../config/index.ts";
import { sealedSecrets } from "../host/sealed-file.ts";
import { judge, type Report } from "../parity/experiment.ts";
import { evaluate, type PolicyFinding } from "../parity/policy/evaluate.ts";
import type { Subject } from "../parity/policy/rule.ts";
import type { Rendering } from "../parity/rendering.ts";
import { withSecrets } from "../parity/secrets.ts";
import { OlympusStack } from "./olympus-stack.ts";
import { experiment, render, subjectOf, zoneSubject } from "./rendering.ts";
import { withoutStackTraces } from "./stack-traces.ts";
import { ZoneStack } from "./zone-stack.ts";

/** What is known of a fleet before anything is written. */
export interface Proof {
  /** One for each mirror. */
  readonly parity: readonly Report[];
  readonly policy: readonly PolicyFinding[];
}

/** A fleet that must not be written, and why. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly proof: Proof;

  constructor(proof: Proof) {
    super("the environments are not declared as they must be");
    this.proof = proof;
  }
}

/** Every stack of the fleet: each environment's, and one for each zone they are in. */
export function declare(app: App, fleet: Fleet, stateDirectory?: string): void {
  withoutStackTraces(() => {
    for (const env of environments(fleet)) new OlympusStack(app, env, stateDirectory);
    for (const sharers of zones(fleet)) new ZoneStack(app, sharers, stateDirectory);
  });
}

/** Holds every mirror and its secrets against the reference, and every stack against the rules. Writes nothing. */
export function examine(fleet: Fleet): Proof {
  const renderings = new Map(environments(fleet).map((env) => [env, render(env)]));
  const rendered = (env: Environment): Rendering => renderings.get(env) ?? render(env);
  const secrets = sealedSecrets(environments(fleet).map(({ name }) => name));
  const subjects: Subject[] = [
    ...environments(fleet).map((env) => subjectOf(env, rendered(env))),
    ...zones(fleet).map(zoneSubject),
  ];
  return {
    parity: fleet.mirrors
      .map((mirror) => judge(experiment(fleet, mirror, rendered)))
      .map((report) => (secrets ? withSecrets(report, secrets) : report)),
    policy: evaluate(subjects),
  };
}

/** {@link examine}, and throws {@link Refused} on any finding. */
export function prove(fleet: Fleet): Proof {
  const proof = examine(fleet);
  if (proof.policy.length || proof.parity.some((report) => report.findings.length)) throw new Refused(proof);
  return proof;
}

const environments = (fleet: Fleet): Environment[] =>
  [fleet.reference, ...fleet.mirrors].map((declared) => declared.environment);

/** The environments of each zone, in their order. */
export function zones(fleet: Fleet): [Environment, ...Environment[]][] {
  const byZone = new Map<string, [Environment, ...Environment[]]>();
  for (const env of environments(fleet)) {
    const sharers = byZone.get(env.zone.name);
    if (sharers) sharers.push(env);
    else byZone.set(env.zone.name, [env]);
  }
  return [...byZone.values()];
}
