import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { parsedJson } from "../../lib/json.ts";
import { outputDirectory, tokensAtHand } from "../../lib/process-env.ts";
import { READ_ONLY_INIT } from "../../lib/terraform-environment.ts";
import { notingCreations } from "./creation-note.ts";
import { terraformFailure } from "./terraform-failure.ts";
import {
  applySaved,
  init,
  LOCK,
  PLAN,
  type PlanRun,
  runTerraform,
  type StackFolder,
  savedPlan,
  terraform,
  withScratch,
} from "./terraform-process.ts";

/** Values of a stack's outputs by name. */
export type Outputs = Readonly<Record<string, unknown>>;

/**
 * Synthesizes every stack into the output folder. `variables`: what holds for this one run (config/load/run.ts). Throws what the
 * program says when it refuses.
 */
export async function synthesize(
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const { exitCode, stderr } = await execa("node", ["scripts/run.mjs", "main.ts"], {
    // The program asks it of whoever may start a Terraform after it: ours reads the lock only.
    env: { CDKTF_OUTDIR: outputDirectory(), ...READ_ONLY_INIT, ...tokensAtHand(), ...variables },
    reject: false,
  });
  if (exitCode !== 0) throw new Failure(stderr);
}

/**
 * Plans a synthesized stack. Changes nothing but the stack's own scratch folder and, while it runs, the lock.
 * `locks`: whether to take the state's lock; credentials that can only read cannot. Throws a {@link Failure} with
 * Terraform's words when init or plan fails, so that a refused token never looks like an empty plan.
 */
export async function planStack(folder: StackFolder, locks: boolean): Promise<PlanRun> {
  await init(folder);
  return withScratch((scratch) => savedPlan(folder, join(scratch, "plan"), [locks ? LOCK : "-lock=false"]));
}

/**
 * Plans a stack (or only `targets` and what they need), lets `approve` read the plan, and applies exactly that plan.
 * `approve` throws to call it off. Throws a {@link Failure} with Terraform's words when a step fails.
 */
export async function applyTargets(
  folder: StackFolder,
  targets: readonly string[],
  approve: (plan: PlanRun) => unknown,
): Promise<void> {
  await init(folder);
  await withScratch(async (scratch) => {
    const file = join(scratch, "plan");
    const plan = await savedPlan(folder, file, [LOCK, ...targets.map((target) => `-target=${target}`)]);
    await approve(plan);
    if (plan.changed) await notingCreations(folder, plan.json, () => applySaved(folder, file));
  });
}

/** What an interrupted creation can leave half made; what holds data or an address is only not waited for. */
const MADE_AGAIN = ["hcloud_server", "hcloud_volume_attachment"];

/**
 * Takes back what an interrupt has marked as tainted though the cloud has made it: Terraform would replace it, which
 * prevent_destroy forbids for ever. What it lacks, the next plan adds. The addresses.
 */
export async function untaintWhole(folder: StackFolder): Promise<string[]> {
  await init(folder);
  const { stdout } = await runTerraform(folder, ["show", "-json", "-no-color"]);
  const state = stateSchema.safeParse(parsedJson(stdout)).data;
  const tainted = (state?.values?.root_module.resources ?? []).filter(
    ({ tainted, type, values }) => tainted && !MADE_AGAIN.includes(type) && values.id,
  );
  for (const { address } of tainted) await terraform(folder, ["untaint", "-no-color", LOCK, address]);
  return tainted.map(({ address }) => address);
}

/**
 * `terraform import`. The next plan replaces a server that was taken in: an import does not read its addresses, and an update
 * would detach them.
 */
export async function takeIntoState(folder: StackFolder, address: string, id: string): Promise<void> {
  await terraform(folder, ["import", "-input=false", "-no-color", LOCK, address, id]);
  if (address.startsWith("hcloud_server.")) await terraform(folder, ["taint", "-no-color", LOCK, address]);
}

/**
 * Takes what exists into the state, where a killed run has made it and lost the state that knew of it. Whether it was
 * missing there. Refuses a state that does not know `beside` either.
 */
export async function adopt(
  folder: StackFolder,
  address: string,
  id: string,
  beside: string,
): Promise<boolean> {
  await init(folder);
  const known = (await runTerraform(folder, ["state", "list"])).stdout.split("\n");
  if (known.includes(address)) return false;
  // An empty state is no lost one: what it does not know may be in use.
  if (!known.includes(beside))
    throw new Failure(
      `${address} of ${folder.stack} exists (${id}), but the state that this computer sees does not contain ${folder.stack}: check state in config/base.ts.`,
    );
  await takeIntoState(folder, address, id);
  return true;
}

/** The outputs of a stack, as its state has them; none where nothing was deployed. Throws a {@link Failure} like a plan. */
export async function outputsOf(folder: StackFolder): Promise<Outputs> {
  await init(folder);
  return await deployedOutputs(folder);
}

/** The same where this computer has deployed: without init, and so without the stack's tokens. */
export async function deployedOutputs(folder: StackFolder): Promise<Outputs> {
  const { exitCode, stdout, all, shortMessage } = await runTerraform(folder, [
    "output",
    "-json",
    "-no-color",
  ]);
  const outputs = exitCode === 0 ? outputsSchema.safeParse(parsedJson(stdout)) : undefined;
  if (!outputs?.success)
    throw terraformFailure(folder.stack, "its outputs cannot be read.", all || shortMessage || "");
  return Object.fromEntries(Object.entries(outputs.data).map(([name, { value }]) => [name, value]));
}

/** A plan right after a deploy must be empty: else the code fights the clouds at every run. Throws a {@link Failure}. */
export async function requireEmptyPlan(folder: StackFolder): Promise<void> {
  const { exitCode, all, shortMessage } = await runTerraform(folder, [...PLAN, LOCK]);
  if (exitCode === 2) throw new Failure(`${all}\n${folder.stack}: the plan after the deploy is not empty.`);
  if (exitCode !== 0)
    throw terraformFailure(folder.stack, "it could not be planned.", all || shortMessage || "");
}

const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }));
const stateSchema = z.object({
  values: z
    .object({
      root_module: z.object({
        resources: z
          .array(
            z.object({
              address: z.string(),
              type: z.string(),
              tainted: z.boolean().default(false),
              values: z.record(z.string(), z.unknown()),
            }),
          )
          .default([]),
      }),
    })
    .optional(),
});
