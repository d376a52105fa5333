import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, expect, test } from "vitest";
import { PROVIDER_SOURCES } from "../../config/load/provider-sources.ts";
import { PROVIDER_VERSIONS } from "../../config/load/provider-versions.ts";
import { childEnvironment } from "../../lib/process-env.ts";
import { isLockLaid, LOCK_FILE, lockedProviders } from "../../lib/provider-lock.ts";
import { Checkout } from "../support/checkout.ts";

const checkout = new Checkout();
afterAll(() => checkout.remove());
const at = (path: string): string => join(checkout.root, path);
const LOCK = at("config/terraform.lock.hcl");
const STACKS = ["prod", "staging", "zone-your-app-com"];
const place = (stack: string): string => at(join("cdktf.out", "stacks", stack));
const laid = (): string[] => STACKS.filter((stack) => isLockLaid(place(stack)));

// A team's own, which the copy has.
rmSync(LOCK, { force: true });

type Versions = Record<keyof typeof PROVIDER_SOURCES, string>;
const writeLock = (versions: Versions): void =>
  writeFileSync(
    LOCK,
    Object.entries(versions)
      .map(([name, version]) => {
        const source = PROVIDER_SOURCES[name as keyof Versions];
        return `provider "registry.terraform.io/${source}" {\n  version     = "${version}"\n  constraints = "${version}"\n  hashes = [\n    "h1:${name}=",\n  ]\n}\n`;
      })
      .join("\n"),
  );
const synth = async (variables: Record<string, string> = {}) => {
  const { exitCode, stderr } = await execa("node", ["scripts/run.mjs", "main.ts"], {
    ...{
      cwd: checkout.root,
      env: childEnvironment({ TF_CLI_ARGS_init: undefined, ...variables }),
      extendEnv: false,
      reject: false,
    },
  });
  return { exitCode, stderr };
};
// What is accepted knowingly is said by each.
const CLEAN = { exitCode: 0, stderr: expect.not.stringContaining("provider-lock") };

afterEach(() => {
  checkout.removeWritten();
  rmSync(LOCK, { force: true });
});

test("without a lock a synth lays none, and leaves alone what Terraform has made", async () => {
  expect(await synth()).toEqual(CLEAN);
  expect(STACKS.filter((stack) => existsSync(join(place(stack), LOCK_FILE)))).toEqual([]);
  writeFileSync(join(place("prod"), LOCK_FILE), "# Terraform's\n");
  expect(await synth()).toEqual(CLEAN);
  expect(readFileSync(join(place("prod"), LOCK_FILE), "utf8")).toBe("# Terraform's\n");
});

test("with one each stack has the blocks of its own providers, the same at every synth, until it is taken away", async () => {
  writeLock(PROVIDER_VERSIONS);
  mkdirSync(place("prod"), { recursive: true });
  writeFileSync(join(place("prod"), LOCK_FILE), "# Terraform's\n");
  expect(await synth()).toEqual(CLEAN);
  expect(laid()).toEqual(STACKS);
  const addresses = STACKS.map((stack) =>
    lockedProviders(readFileSync(join(place(stack), LOCK_FILE), "utf8")).map(({ address }) => address),
  );
  const [cloudflare, hcloud] = [PROVIDER_SOURCES.cloudflare, PROVIDER_SOURCES.hcloud].map(
    (source) => `registry.terraform.io/${source}`,
  );
  expect(addresses).toEqual([[cloudflare, hcloud], [cloudflare, hcloud], [cloudflare]]);
  const { ino } = statSync(join(place("prod"), LOCK_FILE));
  expect(await synth()).toEqual(CLEAN);
  expect(statSync(join(place("prod"), LOCK_FILE)).ino).toBe(ino);
  expect(readdirSync(place("prod")).filter((name) => name.includes(".terraform.lock"))).toEqual([LOCK_FILE]);
  rmSync(LOCK);
  expect(await synth()).toEqual(CLEAN);
  expect(laid()).toEqual([]);
});

test("a lock of another version is refused, and nothing is written", async () => {
  writeLock({ ...PROVIDER_VERSIONS, hcloud: "1.0.0" });
  const { exitCode, stderr } = await synth();
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining(
      `hetznercloud/hcloud is locked at 1.0.0, and this checkout has ${PROVIDER_VERSIONS.hcloud}`,
    ),
  ]);
  expect(stderr).not.toContain("    at ");
  expect(checkout.written()).toEqual([]);
});

test("a plain cdktf with tokens of real clouds and the state in S3 is told what to export, where there is a lock", async () => {
  checkout.plant(
    "config/base.ts",
    'state: { kind: "local" }',
    'state: { kind: "s3", bucketPrefix: "olympus-state", region: "eu-central-1" }',
  );
  try {
    const token = { TF_VAR_hcloud_token_prod: "t".repeat(64) };
    const flag = "export TF_CLI_ARGS_init=-lockfile=readonly";
    // What refuses then is that the fleet is still the example.
    expect((await synth(token)).stderr).not.toContain(flag);
    writeLock(PROVIDER_VERSIONS);
    expect(await synth(token)).toEqual({ exitCode: 1, stderr: expect.stringContaining(flag) });
    const exported = await synth({ ...token, TF_CLI_ARGS_init: "-lockfile=readonly" });
    expect(exported.stderr).toContain("your own zone");
    expect(await synth()).toEqual(CLEAN);
  } finally {
    checkout.plant(
      "config/base.ts",
      /state: \{.*\}/.exec(readFileSync(at("config/base.ts"), "utf8"))?.[0] ?? "",
      'state: { kind: "local" }',
    );
  }
});
