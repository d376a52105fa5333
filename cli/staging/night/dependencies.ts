import type { Hetzner } from "../../shared/hetzner.ts";
import type { HibernationCloud } from "./cloud.ts";
import type { HibernationMachine } from "./machine.ts";
import type { ServerHistory } from "./server-history.ts";

/** Who does what of a night: the machine, Terraform, Hetzner's answers, and the record on the volume. */
export interface HibernationDependencies {
  readonly machine: HibernationMachine;
  readonly cloud: HibernationCloud;
  readonly hetzner: Hetzner;
  readonly diary: ServerHistory;
}
