import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, expect, test, vi } from "vitest";
import { childEnvironment } from "../../lib/process-env.ts";
import { refuseForeignVariables, terraformEnvironment } from "../../lib/terraform-environment.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ["TF_WORKSPACE", "other"],
  ["TF_DATA_DIR", "/tmp/other"],
  ["TF_CLI_ARGS", "-destroy"],
  ["TF_CLI_ARGS_plan", "-destroy"],
  ["TF_CLI_ARGS_init", "-upgrade"],
  ["TF_VAR_hibernated_staging", "2026-11-25T20:00:00Z"],
])("%s is refused by name, wherever the state lies", (name, value) => {
  vi.stubEnv(name, value);
  for (const isStateInS3 of [true, false])
    expect(() => refuseForeignVariables(isStateInS3)).toThrow(
      new RegExp(`^This shell holds what changes which state is meant[^]*unset ${name}\``),
    );
});

test.each([
  ["AWS_PROFILE", "other"],
  ["AWS_ENDPOINT_URL", "http://127.0.0.1:1"],
  ["AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"],
  ["AWS_S3_ENDPOINT", "http://127.0.0.1:1"],
  ["AWS_USE_FIPS_ENDPOINT", "true"],
])("%s is refused where the state lies in S3, and reaches no Terraform anywhere", (name, value) => {
  vi.stubEnv(name, value);
  expect(() => refuseForeignVariables(true)).toThrow(name);
  expect(() => refuseForeignVariables(false)).not.toThrow();
  expect(terraformEnvironment()).not.toHaveProperty(name);
});

test("what is harmless stays: the lock file kept, the keys of the state, the sandbox's clouds", () => {
  const own = {
    TF_CLI_ARGS_init: "-lockfile=readonly",
    TF_CLI_CONFIG_FILE: "/mirror.rc",
    TF_REATTACH_PROVIDERS: "{}",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    HCLOUD_ENDPOINT: "http://127.0.0.1:1/v1",
    CLOUDFLARE_BASE_URL: "http://127.0.0.1:1/client/v4",
  };
  for (const [name, value] of Object.entries(own)) vi.stubEnv(name, value);
  expect(() => refuseForeignVariables(true)).not.toThrow();
  expect(terraformEnvironment()).toMatchObject(own);
});

test("another project's variables and tokens reach no Terraform, and none of ours asks", () => {
  for (const name of ["TF_VAR_other", "HCLOUD_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_EMAIL"])
    vi.stubEnv(name, "value");
  const environment = terraformEnvironment({ TF_VAR_own: "1", PATH: undefined });
  expect(Object.keys(environment).filter((name) => /^(TF_VAR_|HCLOUD_|CLOUDFLARE_)/.test(name))).toEqual([
    "TF_VAR_own",
  ]);
  expect(environment).not.toHaveProperty("PATH");
  expect(environment).toMatchObject({
    TF_INPUT: "0",
    AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
    AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
  });
});

test("a synth refuses them too, since plain cdktf hands them on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "foreign-"));
  try {
    const { exitCode, stderr } = await execa("node", ["scripts/run.mjs", "main.ts"], {
      env: childEnvironment({ TF_WORKSPACE: "other", CDKTF_OUTDIR: join(folder, "out") }),
      extendEnv: false,
      reject: false,
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("TF_WORKSPACE: chooses another state")]);
    expect(stderr).not.toContain("    at ");
    expect(existsSync(join(folder, "out"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
