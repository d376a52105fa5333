import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostStack, type TerraformFixture, terraformFixture } from "./terraform-fixture.ts";

describe("the real provider against the emulator", () => {
  let bench: TerraformFixture;
  beforeAll(async () => {
    bench = await terraformFixture(0);
  });
  afterAll(() => bench.close());

  it("deploys a host; a second plan is empty", async () => {
    expect(await bench.apply(hostStack())).toContain("7 added, 0 changed, 0 destroyed");
    expect(await bench.plan()).toEqual({});
    const { servers, volumes, firewalls } = await bench.state();
    expect(volumes[0]?.server).toBe(servers[0]?.id);
    expect(firewalls[0]?.servers).toEqual([servers[0]?.id]);
  });

  it("shows an injected drift and nothing else, and undoes it", async () => {
    const { servers, volumes } = await bench.state();
    await bench.control("PATCH", `/projects/staging/servers/${servers[0]?.id}`, {
      labels: { environment: "mine" },
    });
    await bench.control("PATCH", `/projects/staging/volumes/${volumes[0]?.id}`, { server: null });
    expect(await bench.plan()).toEqual({
      "hcloud_server.host": {
        actions: ["update"],
        labels: [{ environment: "mine" }, { environment: "staging" }],
      },
      "hcloud_volume_attachment.data": { actions: ["create"] },
    });
    await bench.apply(hostStack());
    expect(await bench.plan()).toEqual({});
  });

  it("shows a rule that somebody opened", async () => {
    const [firewall] = (await bench.state()).firewalls;
    const ssh = { direction: "in", protocol: "tcp", port: "22", source_ips: ["0.0.0.0/0"] };
    const opened = { ...ssh, destination_ips: [], description: null };
    await bench.control("PATCH", `/projects/staging/firewalls/${firewall?.id}`, {
      rules: [...(firewall?.rules ?? []), opened],
    });
    const planned = await bench.plan();
    expect(Object.keys(planned)).toEqual(["hcloud_firewall.host"]);
    expect(JSON.stringify(planned)).toContain('"port":"22"');
    await bench.apply(hostStack());
    expect((await bench.state()).firewalls[0]?.rules).toHaveLength(2);
  });

  it("changes labels and the server type in place, and keeps the disk", async () => {
    const [before] = (await bench.state()).servers;
    const server = { labels: { environment: "prod" }, server_type: "cax21" };
    expect(await bench.apply(hostStack({ server }))).toContain("0 added, 1 changed, 0 destroyed");
    const [after] = (await bench.state()).servers;
    expect(after).toEqual({ ...before, ...server, primary_disk_size: 40, status: "running" });
    expect(await bench.plan()).toEqual({});
  });

  it("replaces the server for other user_data; addresses and volume stay", async () => {
    const before = await bench.state();
    await bench.apply(hostStack({ server: { user_data: "#cloud-config\n# second\n" } }));
    const after = await bench.state();
    const [old, replacement] = [before.servers[0]?.id, after.servers[0]?.id];
    expect(after.servers).toHaveLength(1);
    expect(replacement).not.toBe(old);
    expect(after.servers[0]?.user_data).toContain("# second");
    expect(after.primary_ips).toEqual(before.primary_ips.map((ip) => ({ ...ip, assignee_id: replacement })));
    expect(after.volumes).toEqual(before.volumes.map((v) => ({ ...v, server: replacement })));
    expect(await bench.plan()).toEqual({});
  });

  it("destroys everything", async () => {
    const { code } = await bench.act("destroy");
    expect(code).toBe(0);
    expect(await bench.addresses()).toEqual([]);
    const { servers, primary_ips, volumes, firewalls, ssh_keys } = await bench.state();
    expect([servers, primary_ips, volumes, firewalls, ssh_keys].flat()).toEqual([]);
  });
});

describe("a cloud that resists", () => {
  let bench: TerraformFixture;
  beforeAll(async () => {
    bench = await terraformFixture(0.2);
  });
  afterAll(() => bench.close());

  it("an order that finds no capacity fails in so many words; the next run completes it", async () => {
    await bench.control("POST", "/shortages", { server_type: "cax11", location: "fsn1", count: 1 });
    await expect(bench.apply(hostStack())).rejects.toThrow(/error during placement \(resource_unavailable/);
    expect(await bench.apply(hostStack())).toContain("2 added, 0 changed, 0 destroyed");
  });

  it("a 429 is retried until it passes", async () => {
    await bench.control("POST", "/projects/staging/refusals", { requests: 3 });
    expect(await bench.plan()).toEqual({});
    const conditions = await (await bench.control("GET", "/conditions")).json();
    expect(conditions).toMatchObject({ refusals: { staging: 0 } });
  });

  it("a refused token is told as such", async () => {
    bench.configure({ ...hostStack(), provider: { hcloud: { token: "x".repeat(64) } } });
    await expect(bench.plan()).rejects.toThrow(/unable to authenticate/);
  });
});
