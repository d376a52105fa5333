import { createHetznerClient } from "../../../../cli/shared/hetzner.ts";
import { createHibernationCloud } from "../../../../cli/staging/night/cloud.ts";
import type { HibernationDependencies } from "../../../../cli/staging/night/dependencies.ts";
import { loadFleet } from "../../../../config/index.ts";
import type { NonProductionEnvironment } from "../../../../config/load/environment.ts";
import { namedVariable } from "../../../../lib/process-env.ts";
import type { FakeMachine } from "./fake-machine.ts";

/** Terraform and Hetzner as the sandbox's variables in the environment say. */
export const createDependencies = (
  env: NonProductionEnvironment,
  machine: FakeMachine,
): HibernationDependencies => ({
  machine,
  diary: machine,
  hetzner: createHetznerClient(namedVariable("TF_VAR_hcloud_token_staging") ?? "", 10),
  cloud: createHibernationCloud(env, loadFleet()),
});
