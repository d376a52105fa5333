import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { PROVIDER_SOURCES } from "../../../config/load/provider-sources.ts";
import { PROVIDER_VERSIONS } from "../../../config/load/provider-versions.ts";
import { childEnvironment } from "../../../lib/process-env.ts";
import { lockedProviders } from "../../../lib/provider-lock.ts";
import { Checkout } from "../../support/checkout.ts";
import { mirrorProviders } from "../../support/provider-mirror.ts";

// Terraform's own `providers lock`, against a mirror: its registry's signatures are what no test here can have.
const folder = mkdtempSync(join(tmpdir(), "olympus-mirror-"));
const checkout = new Checkout();
afterAll(() => {
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});

const LOCK = join(checkout.root, "config", "terraform.lock.hcl");
// A team's own, which the copy has.
rmSync(LOCK, { force: true });
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];
const NEXT = "99.0.0";
const SHIPPED = 'state: { kind: "local" }';
const S3 = 'state: { kind: "s3", bucketPrefix: "olympus-state", region: "eu-central-1" }';

/** A folder of packages; `script`: what hcloud is. */
function mirror(name: string, script: string, platforms: readonly string[] = PLATFORMS): string {
  const path = join(folder, name);
  const common = { platforms, script: "exit 1" };
  mirrorProviders(path, [
    { ...common, source: PROVIDER_SOURCES.cloudflare, version: PROVIDER_VERSIONS.cloudflare },
    { ...common, source: PROVIDER_SOURCES.hcloud, version: PROVIDER_VERSIONS.hcloud, script },
    { ...common, source: PROVIDER_SOURCES.hcloud, version: NEXT },
  ]);
  return path;
}
const sound = mirror("sound", "exit 1");
const providerLock = async (...args: string[]) => {
  const { exitCode, all } = await execa("node", ["scripts/run.mjs", "provider-lock", ...args], {
    ...{ cwd: checkout.root, env: childEnvironment(), extendEnv: false, reject: false, all: true },
  });
  return { exitCode, all };
};
const locked = (): (string | undefined)[][] =>
  lockedProviders(readFileSync(LOCK, "utf8")).map(({ address, version }) => [address, version]);
const addressOf = (source: string): string => `registry.terraform.io/${source}`;

test("without one, the check passes where the state is local and fails where it is in S3", async () => {
  expect(await providerLock("--check")).toEqual({
    exitCode: 0,
    all: "There is no config/terraform.lock.hcl; none is needed while the state is local.",
  });
  checkout.plant("config/base.ts", SHIPPED, S3);
  expect(await providerLock("--check")).toEqual({
    exitCode: 1,
    all: expect.stringContaining("config/terraform.lock.hcl is missing, and the state is in S3"),
  });
});

test("a package that lacks for one platform leaves nothing written", async () => {
  const { exitCode, all } = await providerLock("--mirror", mirror("partial", "exit 1", PLATFORMS.slice(1)));
  expect([exitCode, all]).toEqual([1, expect.stringMatching(/linux_amd64[\s\S]*Nothing was written/)]);
  expect(existsSync(LOCK)).toBe(false);
});

test("both providers are locked for every platform, once, and the check passes", async () => {
  expect((await providerLock("--mirror", sound)).all).toContain("config/terraform.lock.hcl is written");
  expect(locked()).toEqual([
    [addressOf(PROVIDER_SOURCES.cloudflare), PROVIDER_VERSIONS.cloudflare],
    [addressOf(PROVIDER_SOURCES.hcloud), PROVIDER_VERSIONS.hcloud],
  ]);
  const text = readFileSync(LOCK, "utf8");
  expect(text.match(/"h1:/g)).toHaveLength(2 * PLATFORMS.length);
  expect((await providerLock("--mirror", sound)).all).toMatch(/^config\/terraform\.lock\.hcl locks .*\.$/);
  expect(readFileSync(LOCK, "utf8")).toBe(text);
  expect(await providerLock("--check")).toEqual({
    exitCode: 0,
    all: expect.stringContaining(`hetznercloud/hcloud ${PROVIDER_VERSIONS.hcloud}`),
  });
});

test("another package under the same version is not taken in", async () => {
  const before = readFileSync(LOCK, "utf8");
  const { exitCode, all } = await providerLock("--mirror", mirror("changed", "exit 2"));
  expect([exitCode, all]).toEqual([
    1,
    expect.stringContaining("has other checksums than those that are locked"),
  ]);
  expect(all).toContain("Nothing was written");
  expect(readFileSync(LOCK, "utf8")).toBe(before);
});

test("a new version is a failed check, then another lock", async () => {
  checkout.plant("config/load/provider-versions.ts", PROVIDER_VERSIONS.hcloud, NEXT);
  expect(await providerLock("--check")).toEqual({
    exitCode: 1,
    all: expect.stringContaining(
      `hetznercloud/hcloud is locked at ${PROVIDER_VERSIONS.hcloud}, and this checkout has ${NEXT}`,
    ),
  });
  expect(JSON.parse((await providerLock("--check", "--json")).all)).toMatchObject({
    state: "incomplete",
    problems: [expect.stringContaining(`this checkout has ${NEXT}`)],
  });
  expect((await providerLock("--mirror", sound)).exitCode).toBe(0);
  expect(locked()[1]).toEqual([addressOf(PROVIDER_SOURCES.hcloud), NEXT]);
});
