import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hibernateServer, type SleepOptions } from "../../../../cli/staging/night/hibernate.ts";
import { resumeServer } from "../../../../cli/staging/night/resume.ts";
import { sleepResultText } from "../../../../cli/staging/night/text.ts";
import { priceBook } from "../../../../config/prices.ts";
import { type CloudFixture, cloudFixture } from "./cloud-fixture.ts";
import { serversBilled } from "./server-billing.ts";

// One town, in order: from a deployed staging through an evening, a night and a morning.
let t: CloudFixture;
beforeAll(async () => {
  t = await cloudFixture();
  await t.found("staging");
});
afterAll(() => t.close());

/** The type that the environment is declared with, and the one that it may have instead. */
const types = () => [t.env.hostType, t.env.extras.fallbackTypes?.[0] ?? t.env.hostType] as const;
const sleep = (options: SleepOptions = {}) => hibernateServer(t.env, options, t.parts, () => {});
const wake = () => resumeServer(t.env, { patience: 0, every: 1 }, t.parts, () => {});
const server = async () => (await t.project("staging")).servers[0];
const shortage = (server_type: string) =>
  t.control("POST", "/shortages", { server_type, location: t.env.location });

describe.sequential("a night", () => {
  test("is nothing for prod, by code", async () => {
    for (const verb of ["sleep", "wake"]) {
      const { exitCode, stderr } = await t.bench.olympus([verb, "prod", "--host", "127.0.0.1"]);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining("has no extras")]);
    }
  });

  test("is called off while somebody wants it awake, and in a dry run; nothing is touched", async () => {
    const before = await t.project("staging");
    const until = new Date(Date.now() + 3_600_000).toISOString();
    t.machine.change({ awakeUntil: until });
    expect(await sleep()).toMatchObject({ is: "awake", why: expect.stringContaining(until) });
    t.machine.change({ awakeUntil: undefined });
    const planned = await sleep({ dryRun: true });
    expect(sleepResultText(t.env, planned)).toContain(
      `would sleep its server: ${t.env.hostType} can be ordered again`,
    );
    expect(t.machine.disks.log).toEqual([]);
    expect((await t.project("staging")).servers).toEqual(before.servers);
  });

  test("is called off before the delete when Hetzner does not answer: the machine serves again", async () => {
    const kept = await server();
    t.machine.onRest = () => t.control("POST", "/projects/staging/refusals", { requests: 20 });
    await expect(sleep()).rejects.toThrow("status 429");
    t.machine.onRest = async () => {};
    await t.control("POST", "/projects/staging/refusals", { requests: 0 });
    expect(t.machine.disks.log).toEqual(["backup", "rest", "resume"]);
    expect(await server()).toEqual(kept);
  });

  test("keeps the machine where no type of the list can be ordered: stopped, costing, with the figures", async () => {
    const [type, fallback] = types();
    const [held, offered] = [priceBook.serverTypes[type], priceBook.serverTypes[fallback]];
    await shortage(type);
    expect(await sleep({ dryRun: true })).toMatchObject({
      is: "planned",
      verdict: { is: "sleep", type: fallback, held, offered },
    });
    await shortage(fallback);
    const night = await sleep();
    expect(night).toMatchObject({ is: "kept", why: expect.stringContaining(`has no ${type}, ${fallback}`) });
    expect(sleepResultText(t.env, night)).toContain("stopped or powered off saves nothing");
    await t.control("DELETE", "/shortages");
    expect(await server()).toBeDefined();
    expect(await wake()).toMatchObject({ is: "resumed" });
  });

  test("a delete that fails in the middle is told, and the same command goes on", async () => {
    const { id } = (await server()) ?? {};
    const protect = (on: boolean) =>
      t.control("PATCH", `/projects/staging/servers/${id}`, { protection: { delete: on, rebuild: on } });
    await protect(true);
    await expect(sleep()).rejects.toThrow(/protected/);
    expect(t.machine.disks.log.at(-1)).toBe("rest");
    await protect(false);
    expect(await sleep()).toMatchObject({ is: "asleep" });
    expect(await server()).toBeUndefined();
  });

  test("sleeps: no server, the volume let go, everything else there; no plan wants it back", async () => {
    const { volumes, primary_ips } = await t.project("staging");
    expect([volumes.map((v) => v.server), primary_ips.length]).toEqual([[null], 2]);
    expect(await sleep()).toMatchObject({ is: "asleep", why: expect.stringContaining("already") });
    const { code, outcomes, stderr } = await t.bench.plan(["staging"]);
    expect([code, outcomes]).toMatchObject([0, [{ summary: { changes: [], outputs: [] } }]]);
    expect(stderr).toContain("staging sleeps: planned without its server");
  });

  test("stays asleep, and says so, while nothing can be ordered; then wakes on a fallback, billed at its price", async () => {
    const [type, fallback] = types();
    await shortage(type);
    await shortage(fallback);
    await expect(wake()).rejects.toThrow(`still sleeps: Hetzner has no ${type}, ${fallback}`);
    await t.control("DELETE", "/shortages");
    await shortage(type);
    const morning = await wake();
    expect(morning).toMatchObject({ is: "new", server: { type: fallback } });
    await t.control("DELETE", "/shortages");
    const now = await t.parts.hetzner.now();
    const billed = serversBilled(await t.project("staging"), now.toISOString().slice(0, 7), now);
    expect(morning.month).toMatchObject({ servers: 2, billed });
    expect(await wake()).toMatchObject({ is: "already" });
  });

  test("a plain deploy wakes it as well: the machine then only has to rise", async () => {
    expect(await sleep()).toMatchObject({ is: "asleep" });
    const { exitCode } = await t.bench.olympus(["provision", "staging", "--sandbox"]);
    expect(exitCode).toBe(0);
    expect(await server()).toMatchObject({ server_type: t.env.hostType });
    expect(await wake()).toMatchObject({ is: "new" });
    expect((await t.bench.plan(["staging"])).code).toBe(0);
  });

  test("a server that a killed run had asked for, and that comes after the look, is taken over", async () => {
    const { hetzner } = t.parts;
    const [before] = (await t.project("staging")).servers;
    for (const address of ["hcloud_volume_attachment.server-data[0]", "hcloud_server.server[0]"])
      await t.bench.terraformState("staging", "rm", address);
    let looks = 0;
    const late = { ...hetzner, server: async (name: string) => (looks++ ? hetzner.server(name) : undefined) };
    const parts = { ...t.parts, hetzner: late };
    expect(await resumeServer(t.env, { patience: 0, every: 1 }, parts, () => {})).toMatchObject({
      is: "new",
    });
    const { servers, volumes } = await t.project("staging");
    expect([servers.length, volumes.map((volume) => volume.server)]).toEqual([1, [servers[0]?.id]]);
    expect(servers[0]?.id).not.toBe(before?.id);
    expect((await t.bench.plan(["staging"])).code).toBe(0);
  });

  test("no shell can take the server away", async () => {
    const { code, stderr } = await t.bench.plan(["staging"], { TF_VAR_hibernated_staging: "true" });
    expect([code, stderr]).toEqual([1, expect.stringContaining("unset TF_VAR_hibernated_staging")]);
  });
});
