import { tmpdir } from "node:os";
import { App, TerraformStack } from "cdktf";
import type { Fleet } from "../config/index.ts";
import type { Environment } from "../config/load/environment.ts";
import { zoneStackName } from "../config/load/names.ts";
import { type ContainmentReport, evaluateContainment } from "../containment/theorem.ts";
import { compositionFindings } from "../parity/composition.ts";
import { evaluateParity } from "../parity/experiment.ts";
import type { DocumentFinding, ParityFinding, ParityReport } from "../parity/finding.ts";
import { sharedFindings } from "../parity/identity.ts";
import type { Json } from "../parity/json.ts";
import { stackFindings } from "../parity/stacks.ts";
import { evaluate, type PolicyFinding } from "../policy/evaluate.ts";
import { inspectEncryptedSecrets } from "../secrets/encrypted-file.ts";
import { containmentFacts } from "./containment-facts.ts";
import { experiment } from "./counterfactuals.ts";
import { OlympusStack } from "./olympus-stack.ts";
import { type EnvironmentRendering, finished, render, renderZone } from "./rendering.ts";
import { withSecrets } from "./secret-findings.ts";
import { withoutStackTraces } from "./stack-traces.ts";
import { subjectOf, zoneSubject } from "./subjects.ts";
import { ZoneStack } from "./zone-stack.ts";

/** What is known of a fleet before anything is written. */
export interface FleetReport {
  /** One for each mirror. */
  readonly parity: readonly ParityReport[];
  /** What is wrong with single documents: a shared zone's, or one that is about to be written. */
  readonly documents: readonly DocumentFinding[];
  readonly policy: readonly PolicyFinding[];
  readonly containment: ContainmentReport;
}

/** Every stack's document, by its name. */
export type Documents = Readonly<Record<string, Json>>;

/** A fleet that must not be written, and why. */
export class ValidationError extends Error {
  override readonly name = "Refused";
  readonly report: FleetReport;

  constructor(report: FleetReport) {
    super("the environments are not declared correctly");
    this.report = report;
  }
}

/** Every stack of the fleet: each environment's, and one for each zone they are in. */
export function declare(app: App, fleet: Fleet, stateDirectory?: string): void {
  withoutStackTraces(() => {
    for (const env of environments(fleet)) new OlympusStack(app, env, stateDirectory);
    for (const sharers of environmentsByZone(fleet)) new ZoneStack(app, sharers, stateDirectory);
  });
}

/** Every stack of the fleet as it would be written; nothing is. */
export const declaredDocuments = (fleet: Fleet, stateDirectory?: string): Documents =>
  withoutStackTraces(() => {
    const app = new App({ outdir: tmpdir() });
    declare(app, fleet, stateDirectory);
    const stacks = app.node.children.filter((child) => TerraformStack.isStack(child)) as TerraformStack[];
    return Object.fromEntries(stacks.map((stack) => [stack.node.id, finished(stack)]));
  });

/**
 * Holds every mirror and its secrets against the reference, and every stack against the rules. `documents` is what is written,
 * or would be: each environment's own rendering, which must be what it is under any other name. `today`: without it nothing that was
 * accepted for a time expires. Writes nothing.
 */
export function checkFleet(
  fleet: Fleet,
  stateDirectory?: string,
  documents: Documents = declaredDocuments(fleet, stateDirectory),
  today?: Date,
): FleetReport {
  const own = new Map(
    environments(fleet).map((env) => [env, render(env, stateDirectory, documents[env.name])] as const),
  );
  const rendered = (env: Environment): EnvironmentRendering => own.get(env) ?? render(env, stateDirectory);
  const secrets = inspectEncryptedSecrets(environments(fleet).map(({ name }) => name));
  const zones = environmentsByZone(fleet).map((sharers) => {
    const name = zoneStackName(sharers[0].zone.name);
    return { name, sharers, document: documents[name] ?? renderZone(sharers, stateDirectory) };
  });
  return {
    parity: fleet.mirrors
      .map((mirror) => evaluateParity(experiment(fleet, mirror, rendered)))
      .map((report) => withFindings(report, sharedWithOthers(fleet, report.mirror, rendered)))
      .map((report) => (secrets ? withSecrets(report, secrets) : report)),
    documents: [
      ...stackFindings(
        [...environments(fleet), ...zones].map(({ name }) => name),
        Object.keys(documents),
      ),
      ...zones.flatMap(({ name, sharers, document }) =>
        compositionFindings(
          name,
          document,
          Object.fromEntries(sharers.map((env) => [env.name, rendered(env).document.zone])),
        ),
      ),
    ],
    containment: evaluateContainment(containmentFacts(fleet, rendered, zones), fleet.base.accepts, today),
    policy: evaluate([
      ...environments(fleet).map((env) => subjectOf(env, rendered(env))),
      ...zones.map(({ sharers, document }) => zoneSubject(sharers, document)),
    ]),
  };
}

/** {@link checkFleet}, and throws {@link ValidationError} on any finding. */
export function validateFleet(
  fleet: Fleet,
  stateDirectory: string | undefined,
  documents: Documents,
  today: Date | undefined,
): FleetReport {
  const report = checkFleet(fleet, stateDirectory, documents, today);
  if (!isSound(report)) throw new ValidationError(report);
  return report;
}

/** Whether nothing was found. */
export const isSound = ({ parity, documents, policy, containment }: FleetReport): boolean =>
  policy.length === 0 &&
  containment.findings.length === 0 &&
  documents.length === 0 &&
  parity.every(({ findings }) => findings.length === 0);

const withFindings = (report: ParityReport, more: readonly ParityFinding[]): ParityReport => ({
  ...report,
  findings: [...report.findings, ...more],
});

/** What a mirror has in common with the environments declared before it, and may not. */
const sharedWithOthers = (
  fleet: Fleet,
  mirror: string,
  rendered: (env: Environment) => EnvironmentRendering,
): ParityFinding[] => {
  const all = environments(fleet);
  const at = all.findIndex(({ name }) => name === mirror);
  const [own] = all.slice(at);
  return own ? all.slice(0, at).flatMap((other) => sharedFindings(rendered(other), rendered(own))) : [];
};

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
