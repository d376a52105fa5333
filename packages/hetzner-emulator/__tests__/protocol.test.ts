import { describe, expect, it } from "vitest";
import type { CloudMachineSpec } from "../emulated-cloud.ts";
import { directory, emulator, order, publicKey, tokens, volume } from "./client.ts";

describe("tokens", () => {
  it("opens a project by its token and refuses any other", async () => {
    const { with: caller } = emulator();
    expect((await caller(tokens.prod)("GET", "/servers")).status).toBe(200);
    for (const token of [undefined, "x".repeat(64)]) {
      const { status, json } = await caller(token)("GET", "/servers");
      expect([status, json.error.code]).toEqual([401, "unauthorized"]);
    }
  });

  it("keeps projects apart: the same name in both, each sees its own", async () => {
    const { prod, staging } = emulator();
    const created = await prod("POST", "/volumes", volume);
    expect((await staging("POST", "/volumes", volume)).status).toBe(201);
    expect((await staging("GET", `/volumes/${created.json.volume.id}`)).status).toBe(404);
    expect((await staging("GET", "/volumes")).json.meta.pagination.total_entries).toBe(1);
  });
});

describe("error envelope", () => {
  it("names every wrong field at once", async () => {
    const { staging } = emulator();
    const { status, json } = await staging("POST", "/volumes", { name: "", size: 5, location: "fsn1" });
    expect([status, json.error.code]).toEqual([422, "invalid_input"]);
    expect(json.error.details.fields).toEqual([
      { name: "name", messages: [expect.any(String)] },
      { name: "size", messages: ["size must be at least 10 GB"] },
    ]);
  });

  it.each([
    ["POST", "/volumes", "{", 400, "json_error"],
    ["GET", "/volumes/7", undefined, 404, "not_found"],
    ["GET", "/volumes/seven", undefined, 404, "not_found"],
    ["GET", "/datacenters", undefined, 404, "not_found"],
    ["DELETE", "/servers/7", undefined, 404, "not_found"],
  ])("%s %s %s is %i %s", async (method, path, body, status, code) => {
    const { staging } = emulator();
    const answer = await staging(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error: { code, message: expect.any(String), details: null } });
  });
});

describe("rate limit", () => {
  it("refuses as often as told, one project only, and says so in headers", async () => {
    const { staging, prod, control } = emulator();
    await control("POST", "/projects/staging/refusals", { requests: 2 });
    const refused = await staging("GET", "/servers");
    expect([refused.status, refused.json.error.code]).toEqual([429, "rate_limit_exceeded"]);
    expect(refused.headers.get("ratelimit-limit")).toBe("3600");
    expect(refused.headers.get("ratelimit-remaining")).toBe("0");
    expect(Number(refused.headers.get("ratelimit-reset"))).toBeGreaterThan(0);
    expect((await prod("GET", "/servers")).status).toBe(200);
    expect((await staging("GET", "/servers")).status).toBe(429);
    expect((await staging("GET", "/servers")).status).toBe(200);
  });
});

describe("actions", () => {
  it("run for a while and then succeed; the server is locked meanwhile", async () => {
    let now = Date.parse("2026-10-01T00:00:00Z");
    const { staging } = emulator({ actionSeconds: 2, now: () => now });
    const { json } = await staging("POST", "/servers", order);
    expect(json.action).toMatchObject({ command: "create_server", status: "running", finished: null });
    expect(json.server.status).toBe("initializing");
    const locked = await staging("POST", `/servers/${json.server.id}/actions/poweroff`);
    expect([locked.status, locked.json.error.code]).toEqual([423, "locked"]);
    now += 2_000;
    const polled = await staging("GET", `/actions?id=${json.action.id}&page=1&sort=status,id`);
    expect(polled.json.actions).toMatchObject([{ status: "success", progress: 100, error: null }]);
    expect((await staging("GET", `/servers/${json.server.id}`)).json.server.status).toBe("running");
    expect((await staging("POST", `/servers/${json.server.id}/actions/poweroff`)).status).toBe(201);
  });

  it("end with the machine's own work when servers are machines", async () => {
    const booted: string[] = [];
    const { staging } = emulator({
      machines: {
        onServerCreate: async ({ project, server, authorizedKeys }) => {
          booted.push(`${project}/${server.name}/${server.user_data}/${authorizedKeys.length}`);
          if (server.name === "broken") throw new Error("no kernel");
        },
        onServerDelete: async () => undefined,
        onServerFound: async () => undefined,
      },
    });
    const key = await staging("POST", "/ssh_keys", { name: "ops", public_key: publicKey });
    const create = (name: string) =>
      staging("POST", "/servers", { ...order, name, user_data: "#!", ssh_keys: [key.json.ssh_key.id] });
    const [good, bad] = [await create("host"), await create("broken")];
    expect(booted).toEqual(["staging/host/#!/1", "staging/broken/#!/1"]);
    const outcome = async (id: number) => (await staging("GET", `/actions/${id}`)).json.action;
    expect(await outcome(good.json.action.id)).toMatchObject({ status: "success", error: null });
    expect(await outcome(bad.json.action.id)).toMatchObject({
      status: "error",
      error: { code: "server_error", message: "no kernel" },
    });
  });

  it("find the servers that an emulator without machines has left in its books", async () => {
    const state = directory();
    await emulator({ directory: state }).staging("POST", "/servers", { ...order, user_data: "#!" });
    const found: string[] = [];
    const machines = {
      onServerCreate: async () => undefined,
      onServerDelete: async () => undefined,
      onServerFound: async ({ project, server, ipv4 }: CloudMachineSpec) => {
        found.push(`${project}/${server.name}/${server.user_data}/${ipv4}`);
      },
    };
    emulator({ directory: state, machines });
    expect(found).toEqual([expect.stringMatching(/^staging\/host\/#!\/\d+\.\d+\.\d+\.\d+$/)]);
  });
});

describe("actions of a kind", () => {
  it("are listed for all of the kind and for each one, and only there", async () => {
    const { staging } = emulator();
    const { server, action } = (await staging("POST", "/servers", order)).json;
    const { volume: disk } = (await staging("POST", "/volumes", volume)).json;
    await staging("POST", `/volumes/${disk.id}/actions/resize`, { size: 30 });
    const commands = async (path: string) =>
      (await staging("GET", path)).json.actions.map(({ command }: { command: string }) => command);
    expect(await commands("/servers/actions")).toEqual(["create_server", "start_server"]);
    expect(await commands("/volumes/actions?sort=id:desc")).toEqual(["resize_volume", "create_volume"]);
    expect(await commands(`/servers/${server.id}/actions?sort=id`)).toEqual([
      "create_server",
      "start_server",
    ]);
    expect(await commands(`/volumes/${disk.id}/actions`)).toEqual(["create_volume", "resize_volume"]);
    expect(await commands("/primary_ips/actions")).toEqual([]);
    for (const path of ["/actions", "/servers/actions", `/servers/${server.id}/actions`])
      expect((await staging("GET", `${path}/${action.id}`)).json.action.command).toBe("create_server");
    for (const path of ["/volumes/actions", `/volumes/${disk.id}/actions`])
      expect((await staging("GET", `${path}/${action.id}`)).status).toBe(404);
    expect((await staging("GET", "/servers/7/actions")).status).toBe(404);
  });
});
