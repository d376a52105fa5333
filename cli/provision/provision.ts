import { type Fleet, loadFleet } from "../../config/index.ts";
import { requireOwnValues } from "../../config/load/examples.ts";
import { tokenVariable, zoneStackName } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { MACHINE_NEEDS, requireMachine } from "../../lib/machine-needs.ts";
import { isTerminal, outputDirectory, reachesRealClouds } from "../../lib/process-env.ts";
import { stderrProgress as progress, step } from "../../lib/progress.ts";
import { adoptCreated } from "../shared/adopt-created.ts";
import { createCloudflareClient, requireZone } from "../shared/cloudflare.ts";
import { refuseLostState } from "../shared/lost-state.ts";
import { isNameTaken } from "../shared/name-taken.ts";
import { type PlanSummary, summarise } from "../shared/plan/summary.ts";
import { planAsText } from "../shared/plan/text.ts";
import { confirm } from "../shared/prompt.ts";
import {
  applyTargets,
  deployedOutputs,
  requireEmptyPlan,
  synthesize,
  untaintWhole,
} from "../shared/terraform.ts";
import { tokenVariables } from "../shared/tokens.ts";
import { requireNothingUnknown } from "../shared/unknown-resources.ts";
import { requireApproved } from "./approval.ts";
import { provisionReportText } from "./report.ts";
import type { TerraformContext } from "./terraform-context.ts";

export interface ProvisionOptions {
  readonly sandbox?: boolean;
  /** In the sandbox: servers are real machines. */
  readonly machines?: boolean;
  /** Apply without asking. */
  readonly yes?: boolean;
  /** What a person has seen and approved of each stack; applied without asking, and nothing else. */
  readonly approved?: readonly PlanSummary[];
}

/** Deploys an environment and its zone, proves that nothing is left to do, and prints what there is now. */
export async function provision(environment: string, options: ProvisionOptions): Promise<void> {
  if (options.machines && !options.sandbox) throw new Failure("--machines needs --sandbox");
  if (!options.sandbox) await requireMachine("provisioning", MACHINE_NEEDS.provision);
  const fleet = loadFleet();
  const declared = [fleet.reference, ...fleet.mirrors].find(({ name }) => name === environment);
  if (!declared)
    throw new Failure(`${environment} is not an environment: config/ declares ${namesOf(fleet)}`);
  const stacks = [zoneStackName(declared.environment.zone.name), environment];
  const context = options.sandbox
    ? await (await import("./sandbox/context.ts")).sandboxContext({ machines: options.machines === true })
    : cloudContext(stacks, fleet, options);

  await synthesize({ CDKTF_OUTDIR: context.output, ...context.variables });
  const { zone } = declared.environment;
  const token = context.variables[`TF_VAR_${tokenVariable("cloudflare", environment)}`] ?? "";
  await requireZone(zone, createCloudflareClient(token, context.variables.CLOUDFLARE_BASE_URL));
  // Before any plan: what is tainted is to be replaced, and what must not be destroyed stops the plan.
  for (const stack of stacks)
    for (const address of await untaintWhole({ ...context, stack }))
      progress(`${address} is whole though an interrupted run had given it up: kept`);
  const own = { ...context, stack: environment };
  for (const address of await adoptCreated(own, fleet))
    progress(`${address} was made by a run that was killed: taken into the state`);
  await step(progress, `look for what ${environment} would meet`, async () => {
    for (const stack of stacks) await requireNothingUnknown({ ...context, stack }, fleet);
  });
  let changes = 0;
  for (const stack of stacks)
    changes += await deploy(stack, fleet, context).catch(async (error: unknown) => {
      const isLate =
        isNameTaken(error) && stack === environment && (await adoptCreated(own, fleet)).length > 0;
      if (!isLate) throw error;
      return await deploy(stack, fleet, context);
    });
  for (const stack of stacks)
    await step(progress, `plan ${stack} again`, () => requireEmptyPlan({ ...context, stack }));
  const outputs = await deployedOutputs({ ...context, stack: environment });
  const address = String(outputs.server_ipv4);
  const whereToLook = (await context.bringUp?.(declared.environment, address)) ?? [];
  console.log(await provisionReportText({ environment, stacks, changes, outputs }, fleet, context));
  if (whereToLook.length) console.log(["", ...whereToLook].join("\n"));
}

const namesOf = (fleet: Fleet): string =>
  [fleet.reference, ...fleet.mirrors].map(({ name }) => name).join(", ");

function cloudContext(
  stacks: readonly string[],
  fleet: Fleet,
  { yes, approved }: ProvisionOptions,
): TerraformContext {
  const variables = tokenVariables(stacks, fleet);
  if (reachesRealClouds()) requireOwnValues(fleet);
  if (!yes && !approved && !isTerminal())
    throw new Failure(
      "The plan cannot be approved without a terminal. Read it with `./olympus plan`, then run this with --yes.",
    );
  return {
    variables,
    output: outputDirectory(),
    asks: !yes,
    ...(approved && { approved }),
    clouds: reachesRealClouds() ? "Hetzner Cloud and Cloudflare" : "the emulated clouds of this computer",
    next: (environment) => [
      [
        `./olympus release ${environment}`,
        "brings configuration and programs to the machine; before the first one: docs/first-deploy.md, part C",
      ],
      [`./olympus status ${environment}`, "shows whether the machine is well"],
    ],
  };
}

/** Plans a stack, shows and asks where a person is there, and applies exactly that plan. How many resources it changed. */
async function deploy(stack: string, fleet: Fleet, context: TerraformContext): Promise<number> {
  let changes = 0;
  const { variables, output, asks } = context;
  const folder = { stack, variables, output };
  const again = `${stack} was not deployed completely. Fix the cause and run the same command again: it continues from here.`;
  try {
    await step(progress, `deploy ${stack}`, () =>
      applyTargets(folder, [], async ({ changed, json }) => {
        const summary = summarise(stack, json);
        await refuseLostState(summary, fleet, variables);
        if (summary.stateful.some(({ kind }) => kind === "refused")) throw new Failure(planAsText(summary));
        changes = summary.changes.length;
        if (context.approved) return requireApproved(summary, context.approved);
        if (!changed || !asks) return;
        console.log(planAsText(summary));
        if (!(await confirm(`Apply this to ${stack}?`, false))) throw new Failure("Nothing was changed.");
      }),
    );
  } catch (error) {
    throw error instanceof Failure ? new Failure(`${error.message}\n${again}`) : error;
  }
  return changes;
}
