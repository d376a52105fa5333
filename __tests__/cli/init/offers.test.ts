import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudflareEmulator } from "@olympus-infra/cloudflare-emulator";
import { hetznerEmulator } from "@olympus-infra/hetzner-emulator";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { ownRange, rangeIn } from "../../../cli/init/offers/address.ts";
import { offeredZones, planName } from "../../../cli/init/offers/cloudflare.ts";
import { orderableTypes } from "../../../cli/init/offers/hetzner.ts";
import { githubRepository } from "../../../cli/init/offers/repository.ts";
import { ownerOf, ownPublicKeys, publicKeyIn } from "../../../cli/init/offers/ssh-keys.ts";
import { createCloudflareClient } from "../../../cli/shared/cloudflare.ts";
import { serve } from "../../../lib/http-service.ts";
import { OWN } from "./own-answers.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-offers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test.each([
  ["ip=81.2.69.160\nts=1", "81.2.69.160/32"],
  ["h=1.1.1.1\nip=2a02:ff0:3303:1:aa:bb:cc:dd\n", "2a02:ff0:3303:1::/64"],
  ["ip=::ffff:81.2.69.160", "81.2.69.160/32"],
  ["ip=10.0.0.1", undefined],
  ["ip=0.0.0.0/0", undefined],
  ["<html>", undefined],
])("%j is the range %s", (trace, range) => {
  expect(rangeIn(trace)).toBe(range);
});

test("without a network there is no range, and no stack trace", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
  expect(await ownRange()).toBeUndefined();
});

test.each([
  ["git@github.com:acme/identity.git", "acme/identity"],
  ["https://github.com/acme/identity", "acme/identity"],
  ["https://x-access-token:secret@github.com/acme/identity.git\n", "acme/identity"],
  ["ssh://git@github.com/acme/identity.git", "acme/identity"],
  ["https://github.com.evil.example/acme/identity", undefined],
  ["/srv/git/identity", undefined],
])("%j is the repository %s", (remote, repository) => {
  expect(githubRepository(remote)).toBe(repository);
});

test("keys of this computer are offered once, and only such as a machine takes", async () => {
  vi.stubEnv("SSH_AUTH_SOCK", "");
  const { alice } = OWN.operators.sshKeys;
  mkdirSync(join(folder, "ssh"));
  for (const [name, text] of Object.entries({
    "a.pub": `${alice}\n`,
    "b.pub": `${alice} again\n`,
    "c.pub": "ssh-rsa AAAAB3NzaC1yc2E c",
    d: "-----BEGIN OPENSSH PRIVATE KEY-----",
  }))
    writeFileSync(join(folder, "ssh", name), text);
  expect(await ownPublicKeys(join(folder, "ssh"))).toEqual([alice]);
  expect(await ownPublicKeys(join(folder, "nowhere"))).toEqual([]);
  expect(publicKeyIn(join(folder, "ssh", "a.pub"))).toBe(alice);
  expect([ownerOf(alice), ownerOf("ssh-ed25519 AAAA")]).toEqual(["alice", "operator"]);
});

test("Cloudflare offers zones with account and plan, by the token that can read them; another says why not", async () => {
  const zones = Array.from({ length: 60 }, (_, i) => ({
    id: `${i}`.padStart(32, "a"),
    name: `acme-${i}.com`,
    accountId: "b".repeat(32),
  }));
  const token = "c".repeat(40);
  const service = await serve(
    cloudflareEmulator({ statePath: join(folder, "cloudflare.json"), tokens: [{ value: token }], zones }),
    0,
  );
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.stubEnv("CLOUDFLARE_BASE_URL", `${service.url}/client/v4`);
  vi.stubEnv("CLOUDFLARE_API_TOKEN_PROD", "wrong-token");
  vi.stubEnv("CLOUDFLARE_API_TOKEN_STAGING", token);
  const found = await offeredZones();
  await service.close();
  expect(found).toHaveLength(60);
  expect(found[0]).toEqual({ ...zones[0], plan: "free" });
  expect(found.map(planName)[0]).toBe("free");
  expect(said.mock.calls.flat().join()).toMatch(
    /CLOUDFLARE_API_TOKEN_PROD offers nothing: Cloudflare answered/,
  );
  expect(said.mock.calls.flat().join()).not.toContain("wrong-token");
});

test("an answer of Cloudflare that is none is a failure of one line", async () => {
  vi.stubGlobal("fetch", async () => Response.json({ result: [{ id: "../../x", name: "a" }] }));
  await expect(createCloudflareClient("t", "http://127.0.0.1").zones()).rejects.toThrow(
    /Cloudflare answered \/zones/,
  );
});

test("types are offered as Hetzner can deliver them, and nothing without a token", async () => {
  const token = "h".repeat(64);
  const service = await serve(hetznerEmulator({ directory: folder, projects: { all: token } }), 0);
  vi.stubEnv("HCLOUD_ENDPOINT", `${service.url}/v1`);
  expect(await orderableTypes("fsn1")).toBeUndefined();
  vi.stubEnv("HCLOUD_TOKEN_STAGING", token);
  const types = (await orderableTypes("fsn1")) ?? [];
  await service.close();
  expect(types.length).toBeGreaterThan(1);
  for (const type of types) expect(type).toMatch(/^c[a-z]+\d+ \([\d.]+ EUR\)$/);
});
