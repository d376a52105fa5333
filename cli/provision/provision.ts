import { execa } from "execa";
import { type Fleet, loadFleet } from "../../config/index.ts";
import { requireOwnValues } from "../../config/load/examples.ts";
import { zoneStackName } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { childEnvironment, isTerminal } from "../../lib/process-env.ts";
import { stderrProgress as progress, step } from "../../lib/progress.ts";
import { deployedOutputs, requireEmptyPlan } from "../shared/terraform.ts";
import { tokenVariables } from "../shared/tokens.ts";
import { provisionReportText } from "./report.ts";
import type { TerraformContext } from "./terraform-context.ts";

export interface ProvisionOptions {
  readonly sandbox?: boolean;
  /** In the sandbox: servers are real machines. */
  readonly machines?: boolean;
  /** Apply without asking. */
  readonly yes?: boolean;
}

/** Deploys an environment and its zone, proves that nothing is left to do, and prints what there is now. */
export async function provision(environment: string, options: ProvisionOptions): Promise<void> {
  if (options.machines && !options.sandbox) throw new Failure("--machines needs --sandbox");
  const fleet = loadFleet();
  const declared = [fleet.reference, ...fleet.mirrors].find(({ name }) => name === environment);
  if (!declared)
    throw new Failure(`${environment} is not an environment: config/ declares ${namesOf(fleet)}`);
  const stacks = [zoneStackName(declared.environment.zone.name), environment];
  const context = options.sandbox
    ? await (await import("./sandbox/context.ts")).sandboxContext({ machines: options.machines === true })
    : cloudContext(stacks, fleet, options);

  for (const stack of stacks) await deploy(stack, context);
  for (const stack of stacks)
    await step(progress, `plan ${stack} again`, () => requireEmptyPlan({ ...context, stack }));
  const outputs = await deployedOutputs({ ...context, stack: environment });
  const address = String(outputs.server_ipv4);
  const whereToLook = (await context.bringUp?.(declared.environment, address)) ?? [];
  console.log(await provisionReportText(environment, fleet, outputs));
  if (whereToLook.length) console.log(["", ...whereToLook].join("\n"));
}

const namesOf = (fleet: Fleet): string =>
  [fleet.reference, ...fleet.mirrors].map(({ name }) => name).join(", ");

function cloudContext(stacks: readonly string[], fleet: Fleet, { yes }: ProvisionOptions): TerraformContext {
  const variables = tokenVariables(stacks, fleet);
  requireOwnValues(fleet);
  if (!yes && !isTerminal())
    throw new Failure(
      "The plan cannot be approved without a terminal. Read it with `./olympus plan`, then run this with --yes.",
    );
  return { variables, output: "cdktf.out", asks: !yes };
}

/** `cdktf deploy`, quiet unless it asks or fails. */
async function deploy(stack: string, { variables, asks }: TerraformContext): Promise<void> {
  const args = ["cdktf", "deploy", stack, ...(asks ? [] : ["--auto-approve", "--no-color"])];
  const run = () =>
    execa("npx", args, {
      env: childEnvironment({ ...variables, CI: asks ? undefined : "1" }),
      extendEnv: false,
      stdio: asks ? "inherit" : ["ignore", "pipe", "pipe"],
      all: !asks,
      reject: false,
    });
  const result = asks ? await run() : await step(progress, `deploy ${stack}`, run);
  if (result.exitCode !== 0)
    throw new Failure(
      `${result.all ?? ""}\n${stack} was not deployed completely. Fix the cause and run the same command again: it continues from here.`,
    );
}
