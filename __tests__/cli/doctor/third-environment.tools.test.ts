import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, expect, test } from "vitest";
import type { CheckedRow } from "../../../cli/doctor/row.ts";
import { childEnvironment } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";
import { identities } from "../../support/fleet/identities.ts";

const checkout = new Checkout();
const folder = mkdtempSync(join(tmpdir(), "olympus-third-"));
afterAll(() => {
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});
cpSync(".github", join(checkout.root, ".github"), { recursive: true });
// The workflows name the zone of the checkout's own configuration.
for (const file of ["pr.yml", "drift.yml"]) {
  const path = join(checkout.root, ".github/workflows", file);
  const text = readFileSync(path, "utf8")
    .replace(/(cloudflare_token_zone)_\w+/g, "$1_your_app_com")
    .replace(/(CLOUDFLARE_API_TOKEN_ZONE)_\w+_READ/g, "$1_YOUR_APP_COM_READ");
  writeFileSync(path, text);
}
/** A computer with Node.js and a shell alone. */
for (const name of ["node", "sh"]) symlinkSync(execaSync("which", [name]).stdout, join(folder, name));

async function doctor(...args: string[]) {
  const env = childEnvironment({
    PATH: folder,
    HOME: folder,
    XDG_CACHE_HOME: undefined,
    OLYMPUS_CACHE_DIR: join(folder, "cache"),
  });
  const options = { cwd: checkout.root, env, extendEnv: false, reject: false };
  return execa("node", ["scripts/run.mjs", "doctor", ...args], options);
}
async function rowsOf(environment: string) {
  const { stdout, exitCode } = await doctor(environment, "--json");
  expect(exitCode).toBe(1);
  const { rows, next } = JSON.parse(stdout) as { rows: CheckedRow[]; next: string };
  return { rows, next, state: (id: string) => rows.find((row) => row.id === id)?.state };
}
const OF_CHECKOUT = /^config\.(request|identity|sound|pr\.|drift)/;
const missing = ({ rows }: { rows: readonly CheckedRow[] }) =>
  rows.filter(({ id, state }) => OF_CHECKOUT.test(id) && state !== "done").map(({ id }) => id);

test("a clone without programs, tokens or secrets: each row is found, and the first is the next step", async () => {
  const { rows, next, state } = await rowsOf("staging");
  expect(next).toBe("machine.terraform");
  for (const id of ["machine.sops", "machine.age-keygen", "token.hcloud.staging", "secrets.file.staging"])
    expect([id, state(id)]).toEqual([id, "missing"]);
  for (const id of [
    "secrets.sound.staging",
    "zone.your-app.com",
    "ssh.staging",
    "github.main",
    "backup.fresh.staging",
  ])
    expect([id, state(id)]).toEqual([id, "waits"]);
  expect(missing({ rows })).toEqual([]);
  const text = (await doctor()).stdout;
  expect(text).toContain("staging, prod: ");
  expect(text.match(/machine\.terraform /g)).toHaveLength(1);
  expect(text).toMatch(/Install v3\.\d+\.\d+ or later: .*sops/);
});

test("an environment that nobody declared is told how to", async () => {
  const { exitCode, stderr } = await doctor("qa");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("write config/qa.ts")]);
});

test("a machine is of one environment", async () => {
  const { exitCode, stderr } = await doctor("--host", "192.0.2.1");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("name its environment")]);
});

test("a third environment is one file and one line, and the rest is in one list", async () => {
  checkout.declare("qa");
  const before = await rowsOf("qa");
  expect(missing(before)).toEqual([
    ...["config.request.qa", "config.identity.qa", "config.sound", "config.pr.yml.qa", "config.drift.yml.qa"],
  ]);
  const lines = before.rows.find(({ id }) => id === "config.pr.yml.qa")?.remedy.join("\n");
  expect(lines).toMatch(/TF_VAR_hcloud_token_qa: .*secrets.HCLOUD_TOKEN_QA_READ/);
  expect(before.state("token.hcloud.qa")).toBe("waits");
  const { deployKey } = identities(["qa"]).qa ?? {};
  const identity = `environments: { qa: { deployKey: "${deployKey}", firstAdministrator: "admin@your-app.com" },`;
  checkout.plant("config/base.ts", "environments: {", identity);
  await execa("node", ["scripts/run.mjs", "csr", "qa"], { cwd: checkout.root });
  const after = await rowsOf("qa");
  expect(missing(after)).toEqual(["config.pr.yml.qa", "config.drift.yml.qa"]);
  expect(after.rows.find(({ id }) => id === "github.secrets.qa")).toBeDefined();
});
