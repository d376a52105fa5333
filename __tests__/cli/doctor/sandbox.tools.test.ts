import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckedRow } from "../../../cli/doctor/row.ts";
import { type SandboxFixture, sandboxFixture } from "../delivery/terraform/sandbox-fixture.ts";

let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await sandboxFixture();
});
afterAll(() => fixture.close());

/** What no sandbox without machines and without GitHub has, and what a throw-away copy of the program lacks. */
const BEYOND = [
  ...["config.pr.yml.staging", "config.drift.yml.staging", "config.owners"],
  ...["backup.bucket.staging", "backup.key.staging"],
  ...["hostkey.staging", "ssh.staging", "pushed.staging", "release.staging"],
  "people.staging",
  ...["github.repository", "github.main", "github.read", "github.environment.staging"],
  ...["github.secrets.staging", "github.variables.staging", "github.runner.staging"],
  ...["backup.fresh.staging", "drill.fresh.staging", "alerts.staging"],
];

const WITHOUT_GITHUB = () => ({ GH_TOKEN: "", GH_CONFIG_DIR: fixture.folder });

const open = async () => {
  const { stdout, exitCode } = await fixture.olympus(["doctor", "staging", "--json"], {
    ...WITHOUT_GITHUB(),
  });
  const rows = (JSON.parse(stdout) as { rows: CheckedRow[] }).rows;
  expect(exitCode).toBe(1);
  return rows.filter(({ state, isOptional }) => state !== "done" && !isOptional);
};

test("followed step by step, a fleet in the sandbox becomes green as far as the sandbox can be", async () => {
  const before = (await open()).map(({ id }) => id);
  expect(before).toEqual(
    expect.arrayContaining(["deployed.staging", "secrets.file.staging", "dns.staging", "clock.staging"]),
  );
  for (const words of [
    ["provision", "staging", "--sandbox"],
    ["sandbox", "secrets"],
  ]) {
    const { exitCode, stderr } = await fixture.olympus(words);
    expect([words, exitCode, exitCode && stderr]).toEqual([words, 0, 0]);
  }
  const account = `${fixture.variables.CLOUDFLARE_BASE_URL}/accounts/00000000000000000000000000000002`;
  const authorization = `Bearer ${fixture.variables.TF_VAR_cloudflare_token_staging}`;
  expect((await open()).find(({ id }) => id === "clock.staging")?.remedy.join()).toContain(
    "wrangler secret put GITHUB_TOKEN",
  );
  const token = "github_pat_of_the_clock";
  const fixed = await fixture.olympus(["doctor", "staging", "--fix", "--yes"], {
    ...WITHOUT_GITHUB(),
    CLOCK_GITHUB_TOKEN_STAGING: token,
  });
  expect(fixed.stderr).toContain("change  give GITHUB_TOKEN to the Worker olympus-staging-clock");
  expect(fixed.stdout + fixed.stderr).not.toContain(token);
  const held = await fetch(`${account}/workers/scripts/olympus-staging-clock/secrets`, {
    headers: { authorization },
  });
  // Alerts are off in the sandbox: there is no receiver to give.
  expect(await held.json()).toMatchObject({ result: [{ name: "GITHUB_TOKEN", type: "secret_text" }] });
  const rest = (await open()).filter(({ id }) => !BEYOND.includes(id));
  expect(rest.map(({ id, state, found }) => [id, state, found])).toEqual([]);
}, 600_000);
