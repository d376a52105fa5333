import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostStack, type TerraformFixture, terraformFixture } from "./terraform-fixture.ts";

/**
 * The provider's docs say that it lifts the protection on destroy. It does not (1.68.0): Delete in
 * internal/{server,volume,primaryip}/resource.go never changes it; terraform-provider-hcloud#1206 admits it.
 */
describe("delete_protection against terraform destroy", () => {
  let bench: TerraformFixture;
  beforeAll(async () => {
    bench = await terraformFixture(0);
  });
  afterAll(() => bench.close());

  const protection = { delete_protection: true };

  it("stops the server's deletion; only the attachment is gone", async () => {
    await bench.apply(hostStack({ server: { ...protection, rebuild_protection: true } }));
    const { code, text } = await bench.act("destroy", "-target=hcloud_server.host");
    expect(code).toBe(1);
    expect(text).toContain("server deletion is protected (protected");
    expect(await bench.addresses()).toContain("hcloud_server.host");
    expect(await bench.addresses()).not.toContain("hcloud_volume_attachment.data");
  });

  it("saves volume and address, but not the server in front of them", async () => {
    await bench.apply(hostStack({ volume: protection, ip: protection }));
    const { code, text } = await bench.act("destroy");
    expect(code).toBe(1);
    expect(text).toContain("volume deletion is protected (protected");
    expect(text).toContain("primary_ip deletion is protected");
    expect(await bench.addresses()).toEqual(["hcloud_primary_ip.v4", "hcloud_volume.data"]);
    const { servers, volumes, primary_ips } = await bench.state();
    expect([servers.length, volumes.length, primary_ips.length]).toEqual([0, 1, 1]);
  });

  it("is lifted by an apply without it, and then everything goes", async () => {
    await bench.apply(hostStack());
    expect((await bench.act("destroy")).code).toBe(0);
    expect(await bench.addresses()).toEqual([]);
  });
});
