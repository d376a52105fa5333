import { execa } from "execa";
import type { ServiceReach } from "../../containment/services.ts";
import type { ContainmentReport } from "../../containment/theorem.ts";
import { Failure } from "../../lib/failure.ts";
import type { DocumentFinding, ParityReport } from "../../parity/finding.ts";
import type { PolicyFinding } from "../../policy/evaluate.ts";

export interface Inspection {
  readonly parity: readonly ParityReport[];
  readonly documents: readonly DocumentFinding[];
  readonly policy: readonly PolicyFinding[];
  readonly containment: ContainmentReport;
  /** What whoever takes over one service of a machine has there. */
  readonly services: readonly ServiceReach[];
}

/** Renders every environment in a process of its own: cdktf is loaded there and not here. */
export async function inspectFleet(): Promise<Inspection> {
  const { stdout, stderr, exitCode } = await execa("node", ["scripts/run.mjs", "stacks/inspect.ts"], {
    reject: false,
  });
  if (exitCode !== 0) throw new Failure(stderr);
  return JSON.parse(stdout) as Inspection;
}
