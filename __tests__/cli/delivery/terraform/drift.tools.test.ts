import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stackNames } from "../../../../cli/shared/stack-names.ts";
import { loadFleet } from "../../../../config/index.ts";
import { childEnvironment } from "../../../../lib/process-env.ts";
import { Checkout } from "../../../support/checkout.ts";
import { type JobEnding, runWorkflow } from "../../../workflows/runner.ts";
import { EmulatedOsv } from "../osv.ts";
import { type SandboxFixture, sandboxFixture } from "./sandbox-fixture.ts";

// The steps of the drift workflow themselves, on the real Terraform and a fleet that is deployed in the sandbox. The workflow
// names the zones of this checkout, and so its configuration is what is deployed.
const STACKS = stackNames(loadFleet());
const checkout = new Checkout();
const osv = new EmulatedOsv([]);
let fixture: SandboxFixture;
beforeAll(async () => {
  checkout.restore("config");
  // Where the pins stand that a copy of the program goes without.
  for (const part of [".github", ".nvmrc"]) cpSync(part, join(checkout.root, part), { recursive: true });
  await osv.start();
  fixture = await sandboxFixture(checkout.root);
  await fixture.plan([]);
  for (const stack of STACKS) await fixture.terraform(stack, "apply", "-auto-approve");
});
afterAll(async () => {
  await fixture?.close();
  await osv.stop();
  checkout.remove();
});

/** A morning of the workflow; the tokens come from its secrets alone. */
async function runDriftWorkflow(): Promise<JobEnding | undefined> {
  const [tokens, rest] = [true, false].map((isToken) =>
    Object.entries(fixture.variables).filter(([name]) => name.startsWith("TF_VAR_") === isToken),
  );
  const secrets = tokens?.map(([name, value]) => {
    const words = name.replace("TF_VAR_", "").replace("cloudflare_token", "cloudflare_api_token");
    return [`${words.toUpperCase()}_READ`, value];
  });
  const { drift } = await runWorkflow(".github/workflows/drift.yml", {
    cwd: checkout.root,
    env: { ...childEnvironment(), ...Object.fromEntries(rest ?? []), OLYMPUS_OSV_URL: osv.url },
    vars: {},
    secrets: { "": Object.fromEntries(secrets ?? []) },
  });
  return drift;
}

test("a drift of one environment is red there alone, and the summary names it", async () => {
  await fixture.drift("volumes", "olympus-staging-data", { labels: { environment: "someone" } });
  const ending = await runDriftWorkflow();
  const outcomes = ending?.steps.map(
    ({ run, outcome }) => `${run.replace("./olympus ", "").split(" --")[0]}: ${outcome}`,
  );
  expect(outcomes, JSON.stringify(ending, null, 2)).toEqual([
    "ranges: success",
    "advisories: success",
    "provider-lock: success",
    "./scripts/credentials.sh: success",
    "plan prod: success",
    "plan staging: failure",
    ...STACKS.slice(2).map((zone) => `plan ${zone}: success`),
    "pr-report: success",
    "./scripts/credentials.sh forget: success",
  ]);
  expect(ending?.result).toBe("failure");
  expect(ending?.summary).toContain("prod: no changes");
  expect(ending?.summary).toContain("staging: 1 to update; 1 of them changed outside Terraform");
  expect(ending?.summary).toContain('labels.environment: "someone" -> "staging"');
  for (const [name, value] of Object.entries(fixture.variables))
    if (name.startsWith("TF_VAR_") && value) expect(JSON.stringify(ending)).not.toContain(value);
  expect(readdirSync(checkout.root)).toContain("plans");
});
