import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import type { ChecklistRow } from "../../../cli/provision/environment-checklist.ts";
import { Checkout } from "../../support/checkout.ts";
import { identities } from "../../support/fleet/identities.ts";
import { onlyAccepted } from "../../support/said.ts";

const checkout = new Checkout();
afterAll(() => checkout.remove());
cpSync(".github", join(checkout.root, ".github"), { recursive: true });
// The workflows name the zone of the checkout's own configuration.
for (const file of ["pr.yml", "drift.yml"]) {
  const path = join(checkout.root, ".github/workflows", file);
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text
      .replace(/(cloudflare_token_zone)_\w+/g, "$1_your_app_com")
      .replace(/(CLOUDFLARE_API_TOKEN_ZONE)_\w+_READ/g, "$1_YOUR_APP_COM_READ"),
  );
}

const olympus = (...args: string[]) =>
  execa("node", ["scripts/run.mjs", ...args], { cwd: checkout.root, reject: false });
const missing = async (environment: string) => {
  const { stdout, exitCode } = await olympus("checklist", environment, "--json");
  const rows = (JSON.parse(stdout) as ChecklistRow[]).filter(({ isThere }) => isThere === false);
  return { exitCode, rows: rows.map(({ what }) => what) };
};

test("the shipped environments lack their secrets, which are everybody's own", async () => {
  expect(await missing("staging")).toEqual({ exitCode: 1, rows: ["encrypted secrets of staging"] });
  expect(await missing("prod")).toEqual({ exitCode: 1, rows: ["encrypted secrets of prod"] });
});

test("an environment that nobody declared is told how to", async () => {
  const { exitCode, stderr } = await olympus("checklist", "qa");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("write config/qa.ts")]);
});

test("a third environment is one file and one line, and the rest is in one list", async () => {
  const overlay = readFileSync(join(checkout.root, "config/staging.ts"), "utf8");
  writeFileSync(
    join(checkout.root, "config", "qa.ts"),
    overlay.replace("const staging", "const qa").replace("staging.your-app.com", "qa.your-app.com"),
  );
  checkout.plant("config/index.ts", '[["staging", staging]]', '[["staging", staging], ["qa", qa]]');
  checkout.plant("config/index.ts", "import { prod }", 'import { qa } from "./qa.ts";\nimport { prod }');
  expect(await missing("qa")).toEqual({
    exitCode: 1,
    rows: [
      "certificate request of qa.your-app.com",
      "deployKey and firstAdministrator of qa in config/base.ts",
      "a configuration without problems",
      "encrypted secrets of qa",
      "tokens in .github/workflows/pr.yml",
      "tokens in .github/workflows/drift.yml",
    ],
  });
  const { stdout } = await olympus("checklist", "qa");
  expect(stdout).toContain("gh workflow run release.yml -f environment=qa");
  expect(stdout).toContain("secrets HCLOUD_TOKEN, CLOUDFLARE_API_TOKEN, SSH_KEY");
  expect(stdout).toMatch(/TF_VAR_hcloud_token_qa: .*secrets.HCLOUD_TOKEN_QA_READ/);
  const { deployKey } = identities(["qa"]).qa ?? {};
  checkout.plant(
    "config/base.ts",
    "environments: {",
    `environments: { qa: { deployKey: "${deployKey}", firstAdministrator: "admin@your-app.com" },`,
  );
  expect((await olympus("csr", "qa")).exitCode).toBe(0);
  expect((await missing("qa")).rows.slice(0, 2)).toEqual([
    "encrypted secrets of qa",
    "tokens in .github/workflows/pr.yml",
  ]);
  expect(await checkout.synth()).toEqual({ exitCode: 0, stderr: onlyAccepted });
});
