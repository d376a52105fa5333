import type { TerraformResourceLifecycle } from "cdktf";
import type { Environment } from "../config/load/environment.ts";

/** Labels of every Hetzner resource of an environment. */
export const resourceLabels = (env: Environment): Record<string, string> => ({
  "managed-by": "olympus-infra",
  environment: env.name,
});

/** For what must survive the server: Terraform refuses at plan time, Hetzner at its API. */
export const keep = (
  env: Environment,
): { deleteProtection: boolean; lifecycle: TerraformResourceLifecycle } => ({
  deleteProtection: !env.destroyable,
  lifecycle: { preventDestroy: !env.destroyable },
});
