import { loadFleet } from "../../../config/index.ts";
import { namedVariable } from "../../../config/process-env.ts";
import { hetzner } from "../../../scripts/lib/hetzner.ts";
import type { Rehearsal } from "../../../scripts/lib/rehearsal.ts";
import { cloudOf } from "../../../scripts/night/cloud.ts";
import type { Parts } from "../../../scripts/night/parts.ts";
import type { Machine } from "./machine.ts";

/** Terraform and Hetzner as the sandbox's variables in the environment say. */
export const partsOf = (env: Rehearsal, machine: Machine): Parts => ({
  machine,
  diary: machine,
  hetzner: hetzner(namedVariable("TF_VAR_hcloud_token_staging") ?? "", 10),
  cloud: cloudOf(env, loadFleet()),
});
