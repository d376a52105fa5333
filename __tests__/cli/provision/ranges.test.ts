import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudflareEmulator } from "@olympus-infra/cloudflare-emulator";
import { execa } from "execa";
import { Hono } from "hono";
import { afterAll, expect, test } from "vitest";
import { cloudflareRanges } from "../../../config/cloudflare-ranges.ts";
import { type RunningServer, serve } from "../../../lib/http-service.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-ranges-"));
const services: RunningServer[] = [];
afterAll(async () => {
  await Promise.all(services.map((service) => service.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function against(app: Hono, ...args: string[]) {
  const service = await serve(app);
  services.push(service);
  const env = { CLOUDFLARE_BASE_URL: `${service.url}/client/v4` };
  const { exitCode, stdout, stderr } = await execa("node", ["scripts/run.mjs", "ranges", ...args], {
    env,
    reject: false,
  });
  return { exitCode, stdout, all: stdout + stderr };
}

test("the snapshot is what Cloudflare's API says", async () => {
  const app = cloudflareEmulator({
    statePath: join(folder, "cloudflare.json"),
    tokens: [],
    zones: [],
    ranges: cloudflareRanges,
  });
  expect(await against(app)).toMatchObject({ exitCode: 0, all: expect.stringContaining("22 ranges") });
});

test("a stale snapshot is told range by range", async () => {
  const result = { etag: "new", ipv4_cidrs: ["192.0.2.0/24"], ipv6_cidrs: [] };
  const app = new Hono().get("/client/v4/ips", (c) => c.json({ result }));
  const { exitCode, all } = await against(app);
  expect(exitCode).toBe(1);
  expect(all).toContain("add     192.0.2.0/24");
  expect(all).toContain("remove  173.245.48.0/20");
  const asked = await against(app, "--json");
  expect([asked.exitCode, JSON.parse(asked.stdout)]).toEqual([
    1,
    expect.objectContaining({ isStale: true, etag: "new", published: 1, add: ["192.0.2.0/24"] }),
  ]);
});

test("an answer that is no list is refused readably", async () => {
  const { exitCode, all } = await against(new Hono().get("/client/v4/ips", (c) => c.text("<html>")));
  expect(exitCode).toBe(1);
  expect(all).toContain("without a list of ranges");
  expect(all).not.toMatch(/\n\s+at /);
});
