import { describe, expect, it } from "vitest";
import { directory, emulator, order, volume } from "./client.ts";

const DAY = 86_400;

describe("shortage", () => {
  const orderNamed = (name: string) => ({ ...order, name });

  it("refuses as many orders as told, and shows in the catalogue", async () => {
    const { staging, control } = emulator();
    await control("POST", "/shortages", { server_type: "cax11", location: "fsn1", count: 1 });
    const available = async () =>
      (await staging("GET", "/server_types?name=cax11")).json.server_types[0].locations.map(
        (l: { available: boolean }) => l.available,
      );
    expect(await available()).toEqual([false, true, true]);
    const refused = await staging("POST", "/servers", order);
    expect([refused.status, refused.json.error.code]).toEqual([412, "resource_unavailable"]);
    expect((await staging("GET", "/servers")).json.servers).toEqual([]);
    expect(await available()).toEqual([true, true, true]);
    expect((await staging("POST", "/servers", order)).status).toBe(201);
  });

  it("ends at its time, and concerns its type only", async () => {
    const { staging, control } = emulator({ now: () => Date.parse("2026-10-01T00:00:00Z") });
    await control("POST", "/shortages", {
      server_type: "cax11",
      location: "fsn1",
      until: "2026-10-02T00:00:00Z",
    });
    expect((await staging("POST", "/servers", order)).status).toBe(412);
    const larger = { ...orderNamed("larger"), server_type: "cax21" };
    expect((await staging("POST", "/servers", larger)).status).toBe(201);
    await control("POST", "/clock", { advance_seconds: DAY });
    expect((await staging("POST", "/servers", order)).status).toBe(201);
  });
});

describe("ledger", () => {
  it("holds every creation, rescale and deletion with its time and the price of that time", async () => {
    const { staging, control } = emulator({ now: () => Date.parse("2026-10-01T00:00:00Z") });
    const { server } = (await staging("POST", "/servers", { ...order, public_net: { enable_ipv6: false } }))
      .json;
    await control("POST", "/prices", { item: "cax11", monthly: 9 });
    await control("POST", "/clock", { advance_seconds: DAY });
    await staging("DELETE", `/servers/${server.id}`);
    await staging("POST", "/servers", { ...order, public_net: { enable_ipv4: false, enable_ipv6: false } });
    const { events } = (await control("GET", "/projects/staging")).json;
    const rows = events.map(
      (e: Record<string, never>) => `${e.at} ${e.event} ${e.type} ${JSON.stringify(e.price)}`,
    );
    expect(rows).toEqual([
      '2026-10-01T00:00:00.000Z create cax11 {"hourly":0.0096,"monthly":5.99}',
      '2026-10-01T00:00:00.000Z create ipv4 {"hourly":0.0008,"monthly":0.5}',
      '2026-10-02T00:00:00.000Z delete ipv4 {"hourly":0,"monthly":0}',
      '2026-10-02T00:00:00.000Z delete cax11 {"hourly":0,"monthly":0}',
      '2026-10-02T00:00:00.000Z create cax11 {"hourly":0.0144,"monthly":9}',
    ]);
  });

  it("bills a volume by its size", async () => {
    const { staging, control } = emulator();
    const { id } = (await staging("POST", "/volumes", volume)).json.volume;
    await staging("POST", `/volumes/${id}/actions/resize`, { size: 40 });
    const { events } = (await control("GET", "/projects/staging")).json;
    const monthly = events.map((e: { event: string; price: { monthly: number } }) => [
      e.event,
      e.price.monthly,
    ]);
    expect(monthly).toEqual([
      ["create", 20 * 0.0572],
      ["rescale", 40 * 0.0572],
    ]);
  });

  it("shows the day's price in /pricing and in the server types", async () => {
    const { staging, control } = emulator({ now: () => Date.parse("2026-10-01T00:00:00Z") });
    const shown = async () => {
      const { pricing } = (await staging("GET", "/pricing")).json;
      const listed = pricing.server_types.find((t: { name: string }) => t.name === "cax21");
      const { server_types } = (await staging("GET", "/server_types?name=cax21")).json;
      expect(server_types[0].prices).toEqual(listed.prices);
      return listed.prices.map((p: { price_monthly: { net: string } }) => Number(p.price_monthly.net));
    };
    await control("POST", "/prices", {
      item: "cax21",
      location: "hel1",
      monthly: 12,
      from: "2026-10-02T00:00:00Z",
    });
    expect(await shown()).toEqual([10.49, 10.49, 10.49]);
    await control("POST", "/clock", { advance_seconds: DAY });
    expect(await shown()).toEqual([10.49, 10.49, 12]);
  });
});

describe("state", () => {
  it("survives a restart, and is gone after a reset", async () => {
    const folder = directory();
    const before = emulator({ directory: folder });
    const { volume: made } = (await before.staging("POST", "/volumes", volume)).json;
    const after = emulator({ directory: folder });
    expect((await after.staging("GET", `/volumes/${made.id}`)).json.volume).toEqual(made);
    const next = (await after.staging("POST", "/volumes", { ...volume, name: "more" })).json.volume;
    expect(next.id).toBeGreaterThan(made.id);
    await after.control("DELETE", "/projects/staging");
    expect((await emulator({ directory: folder }).staging("GET", "/volumes")).json.volumes).toEqual([]);
  });

  it("drifts by a patch or a deletion from outside", async () => {
    const { staging, control } = emulator();
    const { id } = (await staging("POST", "/volumes", { ...volume, labels: { a: "1", b: "2" } })).json.volume;
    await control("PATCH", `/projects/staging/volumes/${id}`, {
      labels: { a: "9" },
      protection: { delete: true },
    });
    const drifted = (await staging("GET", `/volumes/${id}`)).json.volume;
    expect(drifted).toMatchObject({ labels: { a: "9" }, protection: { delete: true }, size: 20 });
    expect((await control("DELETE", `/projects/staging/volumes/${id}`)).status).toBe(204);
    expect((await staging("GET", `/volumes/${id}`)).status).toBe(404);
    expect((await control("PATCH", "/projects/nobody/volumes/1", {})).status).toBe(404);
  });
});
