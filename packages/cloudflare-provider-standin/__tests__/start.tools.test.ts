import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { standInFixture, standInZoneId } from "./stand-in-fixture.ts";

const BIN = fileURLToPath(new URL("../bin.mjs", import.meta.url));
let fixture: Awaited<ReturnType<typeof standInFixture>>;

beforeAll(async () => {
  fixture = await standInFixture();
});
afterAll(() => fixture.close());

test("starts by itself from any folder, and prints what makes Terraform use it", async () => {
  const a = { zone_id: standInZoneId, name: "a.example.com", type: "A", content: "203.0.113.7", ttl: 1 };
  fixture.configure({ resource: { cloudflare_dns_record: { a } } });
  const child = execa("node", [BIN, "--base-url", fixture.baseUrl], { cwd: fixture.folder, reject: false });
  try {
    let printed = "";
    for await (const chunk of child.stdout) {
      printed = String(chunk);
      break;
    }
    const [, reattach] = /^TF_REATTACH_PROVIDERS='(.*)'\n$/.exec(printed) ?? [];
    expect(JSON.parse(String(reattach))).toMatchObject({
      "registry.terraform.io/cloudflare/cloudflare": { Pid: child.pid },
    });
    await fixture.attach(String(reattach));
    expect((await fixture.apply()).text).toContain("1 added");
    expect(Object.values(await fixture.stored("dns_records"))).toMatchObject([{ content: "203.0.113.7" }]);
  } finally {
    child.kill();
  }
});
