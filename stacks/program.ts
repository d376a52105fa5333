import type { App } from "cdktf";
import type { Fleet } from "../config/index.ts";
import type { Environment } from "../config/load/environment.ts";
import { evaluateParity, type ParityReport } from "../parity/experiment.ts";
import type { Rendering } from "../parity/rendering.ts";
import { evaluate, type PolicyFinding } from "../policy/evaluate.ts";
import type { Subject } from "../policy/rule.ts";
import { inspectEncryptedSecrets } from "../secrets/encrypted-file.ts";
import { OlympusStack } from "./olympus-stack.ts";
import { experiment, render, subjectOf, zoneSubject } from "./rendering.ts";
import { withSecrets } from "./secret-findings.ts";
import { withoutStackTraces } from "./stack-traces.ts";
import { ZoneStack } from "./zone-stack.ts";

/** What is known of a fleet before anything is written. */
export interface FleetReport {
  /** One for each mirror. */
  readonly parity: readonly ParityReport[];
  readonly policy: readonly PolicyFinding[];
}

/** A fleet that must not be written, and why. */
export class ValidationError extends Error {
  override readonly name = "Refused";
  readonly proof: FleetReport;

  constructor(proof: FleetReport) {
    super("the environments are not declared correctly");
    this.proof = proof;
  }
}

/** Every stack of the fleet: each environment's, and one for each zone they are in. */
export function declare(app: App, fleet: Fleet, stateDirectory?: string): void {
  withoutStackTraces(() => {
    for (const env of environments(fleet)) new OlympusStack(app, env, stateDirectory);
    for (const sharers of environmentsByZone(fleet)) new ZoneStack(app, sharers, stateDirectory);
  });
}

/** Holds every mirror and its secrets against the reference, and every stack against the rules. Writes nothing. */
export function checkFleet(fleet: Fleet): FleetReport {
  const renderings = new Map(environments(fleet).map((env) => [env, render(env)]));
  const rendered = (env: Environment): Rendering => renderings.get(env) ?? render(env);
  const secrets = inspectEncryptedSecrets(environments(fleet).map(({ name }) => name));
  const subjects: Subject[] = [
    ...environments(fleet).map((env) => subjectOf(env, rendered(env))),
    ...environmentsByZone(fleet).map(zoneSubject),
  ];
  return {
    parity: fleet.mirrors
      .map((mirror) => evaluateParity(experiment(fleet, mirror, rendered)))
      .map((report) => (secrets ? withSecrets(report, secrets) : report)),
    policy: evaluate(subjects),
  };
}

/** {@link checkFleet}, and throws {@link ValidationError} on any finding. */
export function validateFleet(fleet: Fleet): FleetReport {
  const proof = checkFleet(fleet);
  if (proof.policy.length || proof.parity.some((report) => report.findings.length))
    throw new ValidationError(proof);
  return proof;
}

const environments = (fleet: Fleet): Environment[] =>
  [fleet.reference, ...fleet.mirrors].map((declared) => declared.environment);

/** The environments of each zone, in their order. */
export function environmentsByZone(fleet: Fleet): [Environment, ...Environment[]][] {
  const byZone = new Map<string, [Environment, ...Environment[]]>();
  for (const env of environments(fleet)) {
    const sharers = byZone.get(env.zone.name);
    if (sharers) sharers.push(env);
    else byZone.set(env.zone.name, [env]);
  }
  return [...byZone.values()];
}
