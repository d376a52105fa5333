import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnvironment } from "../../../config/process-env.ts";
import { type JobEnding, runWorkflow } from "../../workflows/runner.ts";
import { type Workbench, workbench } from "./workbench.ts";

// The steps of the drift workflow themselves, on the real Terraform and a fleet that is deployed in the sandbox.
const STACKS = ["prod", "staging", "zone-your-app-com"];
let bench: Workbench;
let checkout: ReturnType<Workbench["checkout"]>;
beforeAll(async () => {
  bench = await workbench();
  checkout = bench.checkout();
  await bench.plan([]);
  for (const stack of STACKS) await bench.terraform(stack, "apply", "-auto-approve");
});
afterAll(async () => {
  checkout?.remove();
  await bench?.close();
});

/** A morning of the workflow; the tokens come from its secrets alone. */
async function morning(): Promise<JobEnding | undefined> {
  const [tokens, rest] = [true, false].map((isToken) =>
    Object.entries(bench.variables).filter(([name]) => name.startsWith("TF_VAR_") === isToken),
  );
  const secrets = tokens?.map(([name, value]) => {
    const words = name.replace("TF_VAR_", "").replace("cloudflare_token", "cloudflare_api_token");
    return [`${words.toUpperCase()}_READ`, value];
  });
  const { drift } = await runWorkflow(".github/workflows/drift.yml", {
    cwd: checkout.root,
    env: { ...childEnvironment(), ...Object.fromEntries(rest ?? []) },
    vars: {},
    secrets: { "": Object.fromEntries(secrets ?? []) },
  });
  return drift;
}

test("a drift of one environment is red there alone, and the summary names it", async () => {
  await bench.drift("volumes", "olympus-staging-data", { labels: { environment: "someone" } });
  const ending = await morning();
  const outcomes = ending?.steps.map(
    ({ run, outcome }) => `${run.replace("npx olympus ", "").split(" --")[0]}: ${outcome}`,
  );
  expect(outcomes, JSON.stringify(ending, null, 2)).toEqual([
    "ranges: success",
    "plan prod: success",
    "plan staging: failure",
    "plan zone-your-app-com: success",
    "pr-report: success",
  ]);
  expect(ending?.result).toBe("failure");
  expect(ending?.summary).toContain("prod: no changes");
  expect(ending?.summary).toContain("staging: 1 to update; 1 of them changed outside Terraform");
  expect(ending?.summary).toContain('labels.environment: "someone" -> "staging"');
  for (const [name, value] of Object.entries(bench.variables))
    if (name.startsWith("TF_VAR_") && value) expect(JSON.stringify(ending)).not.toContain(value);
  expect(readdirSync(checkout.root)).toContain("plans");
});
