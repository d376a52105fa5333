import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { planStack } from "../../cli/shared/terraform.ts";
import { PROVIDER_SOURCES } from "../../config/load/provider-sources.ts";
import { PROVIDER_VERSIONS } from "../../config/load/provider-versions.ts";
import { cacheDirectory, terraformBinary } from "../../lib/process-env.ts";
import { stderrProgress } from "../../lib/progress.ts";
import { LOCK_FILE, stackLock } from "../../lib/provider-lock.ts";
import { READ_ONLY_INIT, terraformEnvironment } from "../../lib/terraform-environment.ts";
import { ensureHcloudProvider } from "../../sandbox/terraform/mirror.ts";
import { mirrorProviders } from "../support/provider-mirror.ts";

// Anybody may publish a provider in the registry; here a folder is the registry, and the provider a script that says it ran.
const folder = mkdtempSync(join(tmpdir(), "olympus-foreign-"));
const at = (path: string): string => join(folder, path);
const RAN = at("ran");
const stack = join("out", "stacks", "prod");
const STATE = at("prod.tfstate");
const HCLOUD = { source: PROVIDER_SOURCES.hcloud, version: PROVIDER_VERSIONS.hcloud };
const TOKEN = { TF_VAR_hcloud_token_prod: "production's" };
const plan = () => planStack({ stack: "prod", variables: TOKEN, output: at("out") }, false);

/** A state as whoever has its key may write it: one resource of a provider that the stack does not name. */
const POISONED = JSON.stringify({
  ...{ version: 4, terraform_version: "1.11.4", serial: 1, lineage: "5e1b1b5c-0000-4000-8000-000000000000" },
  outputs: {},
  resources: [
    {
      ...{ mode: "managed", type: "foreign_thing", name: "one" },
      provider: 'provider["registry.terraform.io/attacker/foreign"]',
      instances: [{ schema_version: 0, attributes: { id: "1" } }],
    },
  ],
});

/** The registry and the real hcloud, as Terraform is told to find them. */
async function registry(): Promise<string> {
  const { cliConfig } = await ensureHcloudProvider(stderrProgress);
  const mirrors = [
    { path: at("registry"), include: "attacker/foreign" },
    ...(cliConfig ? [{ path: join(cacheDirectory(), "terraform", "mirror"), include: HCLOUD.source }] : []),
  ].map(
    ({ path, include }) => `  filesystem_mirror {\n    path = "${path}"\n    include = ["${include}"]\n  }\n`,
  );
  const direct = `  direct {\n    exclude = ["attacker/foreign"${cliConfig ? `, "${HCLOUD.source}"` : ""}]\n  }\n`;
  return `provider_installation {\n${mirrors.join("")}${direct}}\n`;
}

/** Terraform, as cdktf-cli starts it: with what the shell has. */
const terraform = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  execa(terraformBinary(), [...args, "-no-color"], {
    ...{ cwd: at(stack), env: terraformEnvironment(variables), extendEnv: false, reject: false, all: true },
  });

let lock: string;
beforeAll(async () => {
  const { os, arch } = { os: process.platform, arch: process.arch === "x64" ? "amd64" : process.arch };
  mirrorProviders(at("registry"), [
    {
      ...{ source: "attacker/foreign", version: "1.0.0", platforms: [`${os}_${arch}`] },
      script: `echo "with $TF_VAR_hcloud_token_prod" > ${RAN}`,
    },
  ]);
  mkdirSync(at(stack), { recursive: true });
  writeFileSync(at("terraform.rc"), await registry());
  vi.stubEnv("TF_CLI_CONFIG_FILE", at("terraform.rc"));
  vi.stubEnv("TF_CLI_ARGS_init", undefined);
  writeFileSync(
    at(join(stack, "cdk.tf.json")),
    JSON.stringify({
      terraform: { required_providers: { hcloud: HCLOUD }, backend: { local: { path: STATE } } },
      variable: { hcloud_token_prod: { sensitive: true } },
    }),
  );
  // What the sandbox does for its own, from a state that is still sound.
  await terraform(["init", "-input=false"]);
  lock = stackLock({ path: "lock", text: readFileSync(at(join(stack, LOCK_FILE)), "utf8"), reattached: [] }, [
    HCLOUD,
  ]);
});
beforeEach(() => {
  for (const path of [RAN, STATE, at(join(stack, LOCK_FILE)), at(join(stack, ".terraform"))])
    rmSync(path, { recursive: true, force: true });
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("without a lock the next plan downloads and runs what a state names, with that stack's tokens", async () => {
  writeFileSync(STATE, POISONED);
  await expect(plan()).rejects.toThrow("attacker/foreign");
  expect(readFileSync(RAN, "utf8")).toBe("with production's\n");
});

test("with one the plan is refused before anything foreign runs", async () => {
  writeFileSync(at(join(stack, LOCK_FILE)), lock);
  writeFileSync(STATE, POISONED);
  await expect(plan()).rejects.toThrow("Provider dependency changes detected");
  expect(existsSync(RAN)).toBe(false);
  expect(readFileSync(at(join(stack, LOCK_FILE)), "utf8")).toBe(lock);
});

test("and so it is for plain cdktf, by what it has to export, and whoever plans after that all the same", async () => {
  writeFileSync(at(join(stack, LOCK_FILE)), lock);
  writeFileSync(STATE, POISONED);
  const { exitCode, all } = await terraform(["init", "-input=false"], { ...READ_ONLY_INIT, ...TOKEN });
  expect([exitCode, all]).toEqual([1, expect.stringContaining("Provider dependency changes detected")]);
  expect((await terraform(["plan", "-input=false"], TOKEN)).exitCode).toBe(1);
  expect(existsSync(RAN)).toBe(false);
});

test("a sound state is planned with the lock as without it", async () => {
  for (const text of [undefined, lock]) {
    if (text) writeFileSync(at(join(stack, LOCK_FILE)), text);
    expect(await plan()).toMatchObject({ changed: false });
  }
});
