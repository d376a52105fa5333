import type { App } from "cdktf";
import type { Fleet } from "../config/index.ts";
import type { Environment } from "../config/load/environment.ts";
import { zoneStackName } from "../config/load/names.ts";
import { compositionFindings } from "../parity/composition.ts";
import { evaluateParity } from "../parity/experiment.ts";
import type { DocumentFinding, ParityFinding, ParityReport } from "../parity/finding.ts";
import { sharedFindings } from "../parity/identity.ts";
import type { Json } from "../parity/json.ts";
import { evaluate, type PolicyFinding } from "../policy/evaluate.ts";
import { inspectEncryptedSecrets } from "../secrets/encrypted-file.ts";
import { experiment } from "./counterfactuals.ts";
import { OlympusStack } from "./olympus-stack.ts";
import { type EnvironmentRendering, render, renderZone } from "./rendering.ts";
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
}

/** A fleet's report, and every stack's document by its name, as it was proved. */
export interface ProvedFleet {
  readonly report: FleetReport;
  readonly documents: Readonly<Record<string, Json>>;
}

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

/** Holds every mirror and its secrets against the reference, and every stack against the rules. Writes nothing. */
export function checkFleet(fleet: Fleet, stateDirectory?: string): ProvedFleet {
  const renderings = new Map<Environment, EnvironmentRendering>();
  const rendered = (env: Environment): EnvironmentRendering => {
    const rendering = renderings.get(env) ?? render(env, stateDirectory);
    renderings.set(env, rendering);
    return rendering;
  };
  const secrets = inspectEncryptedSecrets(environments(fleet).map(({ name }) => name));
  const zones = environmentsByZone(fleet).map((sharers) => ({
    name: zoneStackName(sharers[0].zone.name),
    sharers,
    document: renderZone(sharers, stateDirectory),
  }));
  const parity = fleet.mirrors
    .map((mirror) => evaluateParity(experiment(fleet, mirror, rendered)))
    .map((report) => withFindings(report, sharedWithOthers(fleet, report.mirror, rendered)))
    .map((report) => (secrets ? withSecrets(report, secrets) : report));
  return {
    report: {
      parity,
      documents: zones.flatMap(({ name, sharers, document }) =>
        compositionFindings(
          name,
          document,
          Object.fromEntries(sharers.map((env) => [env.name, rendered(env).document.zone])),
        ),
      ),
      policy: evaluate([
        ...environments(fleet).map((env) => subjectOf(env, rendered(env))),
        ...zones.map(({ sharers, document }) => zoneSubject(sharers, document)),
      ]),
    },
    documents: Object.fromEntries([
      ...environments(fleet).map((env) => [env.name, rendered(env).document.stack] as const),
      ...zones.map(({ name, document }) => [name, document] as const),
    ]),
  };
}

/** {@link checkFleet}, and throws {@link ValidationError} on any finding. */
export function validateFleet(fleet: Fleet, stateDirectory?: string): ProvedFleet {
  const proved = checkFleet(fleet, stateDirectory);
  if (!isSound(proved.report)) throw new ValidationError(proved.report);
  return proved;
}

/** Whether nothing was found. */
export const isSound = ({ parity, documents, policy }: FleetReport): boolean =>
  policy.length === 0 && documents.length === 0 && parity.every(({ findings }) => findings.length === 0);

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
