import { describe, expect, it } from "vitest";
import { emulator, ipv4, order, publicKey, volume } from "./client.ts";

type Call = ReturnType<typeof emulator>["staging"];
const codeOf = async (answer: ReturnType<Call>) => {
  const { status, json } = await answer;
  return json?.error ? `${status} ${json.error.code}` : status;
};

/** A server with its own IP and volume, as the program builds it. */
async function host(staging: Call) {
  const ip = (await staging("POST", "/primary_ips", ipv4)).json.primary_ip;
  const disk = (await staging("POST", "/volumes", volume)).json.volume;
  const public_net = { enable_ipv4: true, enable_ipv6: false, ipv4: ip.id };
  const { server } = (await staging("POST", "/servers", { ...order, public_net })).json;
  await staging("POST", `/volumes/${disk.id}/actions/attach`, { server: server.id });
  return { ip, disk, server };
}

describe("uniqueness", () => {
  it.each([
    ["/volumes", volume],
    ["/servers", order],
    ["/primary_ips", ipv4],
    ["/firewalls", { name: "host" }],
    ["/ssh_keys", { name: "ops", public_key: publicKey }],
  ])("%s takes a name once", async (path, body) => {
    const { staging } = emulator();
    expect(await codeOf(staging("POST", path, body))).toBe(201);
    expect(await codeOf(staging("POST", path, body))).toBe("409 uniqueness_error");
  });

  it("takes a public key once, and its own name again", async () => {
    const { staging } = emulator();
    const { ssh_key } = (await staging("POST", "/ssh_keys", { name: "ops", public_key: publicKey })).json;
    expect(ssh_key.fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    const twin = { name: "dev", public_key: publicKey };
    expect(await codeOf(staging("POST", "/ssh_keys", twin))).toBe("409 uniqueness_error");
    expect(await codeOf(staging("PUT", `/ssh_keys/${ssh_key.id}`, { name: "ops" }))).toBe(200);
  });
});

describe("deletion", () => {
  it("is refused while protected, and works afterwards", async () => {
    const { staging } = emulator();
    const { server, disk, ip } = await host(staging);
    for (const path of [`/servers/${server.id}`, `/volumes/${disk.id}`, `/primary_ips/${ip.id}`]) {
      const protect = (on: boolean) =>
        staging("POST", `${path}/actions/change_protection`, {
          delete: on,
          ...(path.includes("servers") && { rebuild: on }),
        });
      expect(await codeOf(protect(true))).toBe(201);
      expect(await codeOf(staging("DELETE", path))).toBe("423 protected");
      expect(await codeOf(protect(false))).toBe(201);
    }
    expect(await codeOf(staging("DELETE", `/servers/${server.id}`))).toBe(200);
    expect(await codeOf(staging("DELETE", `/volumes/${disk.id}`))).toBe(204);
    expect(await codeOf(staging("DELETE", `/primary_ips/${ip.id}`))).toBe(204);
  });

  it("is refused for what is in use; a deleted server frees it, and takes its automatic IPs along", async () => {
    const { staging } = emulator();
    const { server, disk, ip } = await host(staging);
    expect(await codeOf(staging("DELETE", `/volumes/${disk.id}`))).toBe("422 resource_in_use");
    expect(await codeOf(staging("DELETE", `/primary_ips/${ip.id}`))).toBe("422 primary_ip_assigned");
    await staging("POST", "/servers", { ...order, name: "second" });
    expect((await staging("GET", "/primary_ips")).json.primary_ips).toHaveLength(3);
    for (const { id } of (await staging("GET", "/servers")).json.servers)
      await staging("DELETE", `/servers/${id}`);
    expect((await staging("GET", "/primary_ips")).json.primary_ips).toMatchObject([
      { id: ip.id, ip: ip.ip, assignee_id: null, assignee_type: "unassigned" },
    ]);
    expect((await staging("GET", `/volumes/${disk.id}`)).json.volume.server).toBeNull();
    expect(server.public_net.ipv4.ip).toBe(ip.ip);
  });
});

describe("an order", () => {
  it("shows neither user_data nor a datacenter", async () => {
    const { staging, control } = emulator();
    const { json } = await staging("POST", "/servers", { ...order, user_data: "#cloud-config" });
    expect(json.server).not.toHaveProperty("user_data");
    expect(json.server).not.toHaveProperty("datacenter");
    expect((await control("GET", "/projects/staging")).json.servers[0].user_data).toBe("#cloud-config");
  });

  it.each([
    ["user_data of 32 KiB", { user_data: "x".repeat(32_768) }, 201],
    ["user_data above 32 KiB", { user_data: "x".repeat(32_769) }, "422 invalid_input"],
    ["a name with a space", { name: "my host" }, "422 invalid_input"],
    ["an unknown type", { server_type: "cx22" }, "422 invalid_input"],
    ["an unknown location", { location: "mars" }, "422 invalid_input"],
    ["an unknown image", { image: "debian-9" }, "422 invalid_input"],
    ["an unknown key", { ssh_keys: [7] }, "404 not_found"],
    ["a label with a colon", { labels: { at: "12:00" } }, "422 invalid_input"],
  ])("with %s is %s", async (_what, change, expected) => {
    const { staging } = emulator();
    expect(await codeOf(staging("POST", "/servers", { ...order, ...change }))).toBe(expected);
  });

  it("names location, key, type and image by id or by name", async () => {
    const { staging } = emulator();
    const { ssh_key } = (await staging("POST", "/ssh_keys", { name: "ops", public_key: publicKey })).json;
    const first = async (path: string) =>
      Object.values((await staging("GET", path)).json)[0] as [{ id: number }];
    const [location] = await first("/locations?name=fsn1");
    const [type] = await first("/server_types?name=cax11");
    const [image] = await first("/images?name=debian-13&architecture=arm");
    const byId = { server_type: type.id, image: image.id, location: location.id, ssh_keys: [ssh_key.id] };
    for (const [name, change] of [
      ["by-id", byId],
      ["by-name", { ssh_keys: ["ops"] }],
    ] as const) {
      const { json } = await staging("POST", "/servers", { ...order, name, ...change });
      expect(json.server).toMatchObject({ server_type: { name: "cax11" }, location: { name: "fsn1" } });
    }
    for (const [path, body] of [
      ["/volumes", volume],
      ["/primary_ips", ipv4],
    ] as const) {
      const made = (await staging("POST", path, { ...body, location: location.id })).json;
      expect(made.volume ?? made.primary_ip).toMatchObject({ location: { name: "fsn1" } });
    }
    expect(await codeOf(staging("POST", "/volumes", { ...volume, name: "far", location: 99 }))).toBe(
      "422 invalid_input",
    );
    expect(await codeOf(staging("POST", "/servers", { ...order, name: "c", ssh_keys: ["nobody"] }))).toBe(
      "404 not_found",
    );
  });

  it("needs IP and volume in its own location", async () => {
    const { staging } = emulator();
    const ip = (await staging("POST", "/primary_ips", { ...ipv4, location: "hel1" })).json.primary_ip;
    const disk = (await staging("POST", "/volumes", { ...volume, location: "hel1" })).json.volume;
    const withIp = { ...order, public_net: { ipv4: ip.id } };
    expect(await codeOf(staging("POST", "/servers", withIp))).toBe("422 primary_ip_datacenter_mismatch");
    const server = (await staging("POST", "/servers", order)).json.server;
    const attach = staging("POST", `/volumes/${disk.id}/actions/attach`, { server: server.id });
    expect(await codeOf(attach)).toBe("422 invalid_input");
    expect(await codeOf(staging("POST", "/servers", { ...withIp, name: "north", location: "hel1" }))).toBe(
      201,
    );
  });
});

describe("change_type", () => {
  it("needs a stopped server, the same architecture and room for the disk", async () => {
    const { staging } = emulator();
    const { server } = (await staging("POST", "/servers", order)).json;
    const path = `/servers/${server.id}/actions`;
    const change = (server_type: string, upgrade_disk = false) =>
      codeOf(staging("POST", `${path}/change_type`, { server_type, upgrade_disk }));
    expect(await change("cax21")).toBe("422 server_not_stopped");
    await staging("POST", `${path}/poweroff`);
    expect(await change("cpx22")).toBe("422 invalid_server_type");
    expect(await change("cax21", true)).toBe(201);
    const changed = (await staging("GET", `/servers/${server.id}`)).json.server;
    expect(changed).toMatchObject({
      server_type: { name: "cax21" },
      primary_disk_size: 80,
      status: "running",
    });
    await staging("POST", `${path}/poweroff`);
    expect(await change("cax11")).toBe("422 invalid_server_type");
  });
});

describe("firewall rules", () => {
  const rule = { direction: "in", protocol: "tcp", port: "443", source_ips: ["0.0.0.0/0", "::/0"] };
  it.each([
    ["a whole rule", {}, 201],
    ["tcp without a port", { port: null }, "422 invalid_input"],
    ["icmp with a port", { protocol: "icmp" }, "422 invalid_input"],
    ["port 70000", { port: "70000" }, "422 invalid_input"],
    ["a source without a mask", { source_ips: ["1.2.3.4"] }, "422 invalid_input"],
    ["a source with host bits", { source_ips: ["10.0.0.1/8"] }, "422 invalid_input"],
    ["no source", { source_ips: [] }, "422 invalid_input"],
  ])("%s is %s", async (_what, change, expected) => {
    const { staging } = emulator();
    const body = { name: "host", rules: [{ ...rule, ...change }] };
    expect(await codeOf(staging("POST", "/firewalls", body))).toBe(expected);
  });
});
