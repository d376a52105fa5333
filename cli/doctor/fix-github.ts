import { z } from "zod";
import { loadFleet } from "../../config/index.ts";
import { stateProfile } from "../../config/load/names.ts";
import { parsedJson } from "../../lib/json.ts";
import { namedVariable } from "../../lib/process-env.ts";
import { gh, setSecret } from "../shared/github.ts";
import { fingerprint, knownHostsFile, knownKey } from "../shared/host-key.ts";
import { keysOfProfile } from "../shared/state-buckets.ts";
import { deployedOutputs, type Outputs } from "../shared/terraform.ts";
import { WORKFLOW_TOKENS } from "../shared/tokens.ts";
import type { FixPlan } from "./row.ts";
import { tokenOf } from "./tokens.ts";

const environmentPath = (name: string): string =>
  `repos/${loadFleet().base.repository}/environments/${encodeURIComponent(name)}`;

/** https://docs.github.com/rest/deployments/environments, "Get an environment": what an update would otherwise take away. */
const guardsSchema = z.object({
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.number().optional(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z.array(z.object({ type: z.string(), reviewer: z.object({ id: z.int() }) })).optional(),
      }),
    )
    .default([]),
});

/** Makes an environment, or limits the one that is there to main; its reviewers stay. */
export const environmentFix = (name: string): FixPlan => ({
  lines: [
    `make the environment ${name} unless it is there, with main as its only branch; reviewers stay as they are`,
  ],
  async apply() {
    const path = environmentPath(name);
    const there = await gh([path]).catch((error: Error) => {
      if (/HTTP 404/.test(error.message)) return "{}";
      throw error;
    });
    const rules = guardsSchema.parse(parsedJson(there)).protection_rules;
    const review = rules.find(({ type }) => type === "required_reviewers");
    const wait = rules.find(({ type }) => type === "wait_timer")?.wait_timer;
    await gh(["--method", "PUT", path, "--input", "-"], {
      ...(wait !== undefined && { wait_timer: wait }),
      ...(review && {
        prevent_self_review: review.prevent_self_review ?? false,
        reviewers: (review.reviewers ?? []).map(({ type, reviewer }) => ({ type, id: reviewer.id })),
      }),
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
    const policies = `${path}/deployment-branch-policies`;
    const listed = branchesSchema.parse(parsedJson(await gh([`${policies}?per_page=100`]))).branch_policies;
    for (const { id, name: branch } of listed)
      if (branch !== "main") await gh(["--method", "DELETE", `${policies}/${id}`]);
    if (!listed.some((policy) => policy.name === "main"))
      await gh(["--method", "POST", policies, "--input", "-"], { name: "main" });
  },
});
const branchesSchema = z.object({ branch_policies: z.array(z.object({ id: z.int(), name: z.string() })) });

/** Sets the variables whose values this computer knows: the machine's address, and the host key that was trusted. */
export async function variablesFix(name: string, missing: readonly string[]): Promise<FixPlan | undefined> {
  const outputs: Outputs = await deployedOutputs({ stack: name, variables: {} }).catch(() => ({}));
  const host = typeof outputs.server_ipv4 === "string" ? outputs.server_ipv4 : undefined;
  const key = host && knownKey(knownHostsFile(name), host, 22);
  const known = { HOST: host, HOST_KEY: key && fingerprint(key) };
  return planOf(`variables of the environment ${name}`, missing, known, async (variable, value) => {
    await gh(["--method", "POST", `${environmentPath(name)}/variables`, "--input", "-"], {
      name: variable,
      value,
    });
  });
}

/** Sets the secrets whose values this shell has: the tokens of the environment, and the key of its state. */
export async function environmentSecretsFix(
  name: string,
  missing: readonly string[],
): Promise<FixPlan | undefined> {
  const state = keysOfProfile(stateProfile(name));
  const known = {
    [WORKFLOW_TOKENS.hcloud]: tokenOf("hcloud", name),
    [WORKFLOW_TOKENS.cloudflare]: tokenOf("cloudflare", name),
    STATE_ACCESS_KEY_ID: state?.accessKeyId,
    STATE_SECRET_ACCESS_KEY: state?.secretAccessKey,
  };
  const { repository } = loadFleet().base;
  return planOf(`secrets of the environment ${name}`, missing, known, (secret, value) =>
    setSecret(repository, secret, value, name),
  );
}

/** Sets the secrets of pull requests that this shell holds by their own names. */
export async function repositorySecretsFix(missing: readonly string[]): Promise<FixPlan | undefined> {
  const known = Object.fromEntries(missing.map((secret) => [secret, namedVariable(secret)]));
  const { repository } = loadFleet().base;
  return planOf(`secrets of ${repository}`, missing, known, (secret, value) =>
    setSecret(repository, secret, value),
  );
}

function planOf(
  what: string,
  missing: readonly string[],
  values: Readonly<Record<string, string | undefined>>,
  set: (name: string, value: string) => Promise<void>,
): FixPlan | undefined {
  const known = missing.flatMap((name) => {
    const value = values[name];
    return value ? [{ name, value }] : [];
  });
  if (!known.length) return undefined;
  return {
    lines: [`set ${what}: ${known.map(({ name }) => name).join(", ")}`],
    async apply() {
      for (const { name, value } of known) await set(name, value);
    },
  };
}
