import type { Environment } from "../../config/load/environment.ts";
import type { PlanSummary } from "../shared/plan/summary.ts";

/** A command, and what it is for. */
export type NextStep = readonly [command: string, why: string];

/** Where and as whom cdktf and Terraform run, and how a person goes on from there. */
export interface TerraformContext {
  readonly variables: Record<string, string | undefined>;
  readonly output: string;
  readonly asks: boolean;
  /** What was approved before; nothing else is applied, and nothing asked. */
  readonly approved?: readonly PlanSummary[];
  /** The clouds, in a sentence. */
  readonly clouds: string;
  /** What goes on running when the command has ended, and how it is stopped. Absent where that is nothing but what was deployed. */
  readonly running?: string;
  readonly next: (environment: string) => readonly NextStep[];
  /** From a server of the sandbox that boots to somebody who logs in: lines that say where to look. Absent elsewhere. */
  readonly bringUp?: (env: Environment, address: string) => Promise<string[]>;
}
