import type { Hetzner } from "../lib/hetzner.ts";
import type { NightCloud } from "./cloud.ts";
import type { Diary } from "./diary.ts";
import type { NightMachine } from "./machine.ts";

/** Who does what of a night: the machine, Terraform, Hetzner's answers, and the record on the volume. */
export interface Parts {
  readonly machine: NightMachine;
  readonly cloud: NightCloud;
  readonly hetzner: Hetzner;
  readonly diary: Diary;
}

/** Name of an environment's server and of its volume at Hetzner, as constructs/ gives them. */
export const serverName = (environment: string): string => `olympus-${environment}`;
export const volumeName = (environment: string): string => `olympus-${environment}-data`;
