import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";

// The fixture's servers are ARM; what ships is x86, which the whole environment boots.
const checkout = new Checkout();
const folder = mkdtempSync(join(tmpdir(), "olympus-x86-"));
const olympus = (...args: string[]) =>
  execa("node", ["scripts/run.mjs", ...args], {
    cwd: checkout.root,
    env: childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CI: "1" }),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });

afterAll(async () => {
  await olympus("sandbox", "down");
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("a fleet of x86 types is deployed to the emulated clouds", async () => {
  checkout.plant("config/prod.ts", "cax21", "cpx32");
  checkout.plant("config/staging.ts", '"cax11"', '"cpx22"');
  checkout.plant("config/staging.ts", '["cax21"]', '["cpx32"]');
  const { exitCode, stdout, stderr } = await olympus("provision", "staging", "--sandbox");
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining("plan staging again")]);
  expect(stdout).toContain("staging mirrors prod");
  const plan = await olympus("sandbox", "run", "--", "npx", "cdktf", "output", "staging", "--no-color");
  expect(plan.stdout).toContain("server cpx22");
});
