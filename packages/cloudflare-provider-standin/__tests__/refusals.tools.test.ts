import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { standInFixture, standInZoneId } from "./stand-in-fixture.ts";

let fixture: Awaited<ReturnType<typeof standInFixture>>;
beforeAll(async () => {
  fixture = await standInFixture();
});
beforeEach(() => fixture.control("POST", "reset"));
afterAll(() => fixture.close());

const a = { zone_id: standInZoneId, name: "a.example.com", type: "A", content: "203.0.113.1", ttl: 1 };
const record = (attributes: object) => ({ resource: { cloudflare_dns_record: { r: attributes } } });
const plan = async () => (await fixture.terraform("plan", "-no-color")).text.replace(/\s+/g, " ");

test("a resource type outside the table says so", async () => {
  fixture.configure({
    resource: { cloudflare_page_rule: { r: { zone_id: standInZoneId, target: "x/*", actions: {} } } },
  });
  expect(await plan()).toContain(
    "cloudflare_page_rule is not in the stand-in provider. It knows: cloudflare_dns_record",
  );
});

test("a data source outside the table says so", async () => {
  fixture.configure({ data: { cloudflare_zones: { z: {} } } });
  expect(await plan()).toContain("cloudflare_zones is not in the stand-in provider");
});

test("a value that the provider's validators refuse", async () => {
  fixture.configure(record({ ...a, type: "HOST" }));
  expect(await plan()).toContain('Attribute type value must be one of: ["A", "AAAA"');
  fixture.configure(record(a));
  expect(await plan()).toContain("1 to add");
});

test("a ruleset of two scopes", async () => {
  const ruleset = {
    kind: "zone",
    name: "r",
    phase: "http_ratelimit",
    zone_id: standInZoneId,
    account_id: standInZoneId,
  };
  fixture.configure({ resource: { cloudflare_ruleset: { r: ruleset } } });
  expect(await plan()).toContain("Exactly one of these attributes must be configured: [zone_id,account_id]");
});

test("a token of the wrong form is refused before any request, a wrong one by the API", async () => {
  fixture.configure({ ...record(a), provider: { api_token: "short" } });
  expect(await plan()).toContain("API tokens must be 40 characters long");
  fixture.configure({ ...record(a), provider: { api_token: "x".repeat(40) } });
  expect((await fixture.apply()).text).toContain("9109: Invalid access token");
});

test("no token at all", async () => {
  fixture.configure({ ...record(a), provider: {} });
  expect(await plan()).toContain("Set api_token or CLOUDFLARE_API_TOKEN.");
});

test("waits as Retry-After says and goes on; gives up when it lasts", async () => {
  fixture.configure(record(a));
  await fixture.control("POST", "faults", { path: "dns_records", method: "POST", times: 2 });
  expect((await fixture.apply()).text).toContain("1 added");
  await fixture.control("POST", "reset");
  await fixture.control("POST", "faults", { path: "dns_records", times: 20 });
  expect((await fixture.apply()).text).toMatch(/429 Too Many Requests/);
});

test("two configurations on one stand-in keep their own tokens", async () => {
  const good = "sandbox-token-that-is-forty-characters-01";
  fixture.configure({
    ...record(a),
    provider: [{ api_token: good }, { alias: "wrong", api_token: "x".repeat(40) }],
    data: { cloudflare_zone: { z: { provider: "cloudflare.wrong", zone_id: standInZoneId } } },
  });
  const text = await plan();
  expect(text).toContain("9109: Invalid access token");
  expect(text).toContain("with data.cloudflare_zone.z");
  expect(text.match(/9109/g)).toHaveLength(1);
});
