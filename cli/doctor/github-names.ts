import { loadFleet } from "../../config/index.ts";
import { shellTokenVariable, zoneStackName } from "../../config/load/names.ts";
import { WORKFLOW_TOKENS } from "../shared/tokens.ts";
import type { DoctorSubject } from "./subject.ts";

/** Names of the variables that they read. */
export const ENVIRONMENT_VARIABLES = ["HOST", "HOST_KEY", "SMOKE_EMAIL"];

/** Names of the secrets that an environment's workflows read. */
export function environmentSecrets({ hasExtras }: Pick<DoctorSubject, "hasExtras">): string[] {
  const ofState = ["STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"];
  return ["SSH_KEY", "SMOKE_PASSWORD", ...(hasExtras ? [...Object.values(WORKFLOW_TOKENS), ...ofState] : [])];
}

/** Names of the secrets that plans of pull requests and of the drift check read. */
export function repositorySecrets(): string[] {
  const { base, reference, mirrors } = loadFleet();
  const environments = [reference, ...mirrors].map((declared) => declared.name);
  const zones = Object.keys(base.zones).map(zoneStackName);
  const upper = (stack: string) => stack.replaceAll(/[.-]/g, "_").toUpperCase();
  return [
    ...environments.map((name) => `${shellTokenVariable("hcloud", name)}_READ`),
    ...[...environments, ...zones].map((stack) => `${shellTokenVariable("cloudflare", stack)}_READ`),
    ...[...environments, ...zones].flatMap((stack) =>
      ["STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"].map((key) => `${key}_${upper(stack)}_READ`),
    ),
  ];
}
