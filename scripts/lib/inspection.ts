import { execa } from "execa";
import type { Report } from "../../parity/experiment.ts";
import type { PolicyFinding } from "../../parity/policy/evaluate.ts";
import { Failure } from "./failure.ts";

export interface Inspection {
  readonly parity: readonly Report[];
  readonly policy: readonly PolicyFinding[];
}

/** Renders every environment in a process of its own: cdktf is loaded there and not here. */
export async function inspect(): Promise<Inspection> {
  const { stdout, stderr, exitCode } = await execa("node", ["scripts/run.mjs", "stacks/inspect.ts"], {
    reject: false,
  });
  if (exitCode !== 0) throw new Failure(stderr);
  return JSON.parse(stdout) as Inspection;
}
