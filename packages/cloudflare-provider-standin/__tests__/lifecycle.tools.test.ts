import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { everyKind, loginLimit } from "./stack.ts";
import { standInAccountId, standInFixture, standInZoneId } from "./stand-in-fixture.ts";

/** One stack through its life, in order: each test starts from what the one before left. */
let fixture: Awaited<ReturnType<typeof standInFixture>>;
let stack: ReturnType<typeof everyKind>;

beforeAll(async () => {
  fixture = await standInFixture();
  stack = everyKind();
  fixture.configure(stack);
});
afterAll(() => fixture.close());

/** The attributes that a planned change alters, the merely recomputed ones left out. */
function altered(change: Awaited<ReturnType<typeof fixture.plan>>[string] | undefined) {
  const { before, after } = change ?? {};
  return Object.keys(after ?? {}).filter(
    (key) => JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]),
  );
}

test("applies every kind", async () => {
  const applied = await fixture.apply();
  expect(applied.text).toMatch(/Apply complete! Resources: 15 added, 0 changed, 0 destroyed/);
  expect(applied.text).toContain(`zone = "${standInZoneId}"`);
});

test("plans nothing afterwards, nor after a restart of the stand-in", async () => {
  expect(await fixture.plan()).toEqual({});
  await fixture.restart();
  expect(await fixture.plan()).toEqual({});
});

test("updates in place and leaves the other objects alone", async () => {
  stack.resource.cloudflare_dns_record.v4.content = "203.0.113.8";
  stack.resource.cloudflare_ruleset.limits.rules = [
    { ...loginLimit, ratelimit: { ...loginLimit.ratelimit, requests_per_period: 30 } },
  ];
  fixture.configure(stack);
  const planned = await fixture.plan();
  expect(Object.keys(planned).sort()).toEqual(["cloudflare_dns_record.v4", "cloudflare_ruleset.limits"]);
  expect(planned["cloudflare_dns_record.v4"]?.actions).toEqual(["update"]);
  const before = await limitRules();
  expect((await fixture.apply()).text).toContain("0 added, 2 changed, 0 destroyed");
  expect((await limitRules()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(await fixture.plan()).toEqual({});
});
async function limitRules() {
  const stored = Object.values(await fixture.stored("rulesets"));
  return z
    .array(z.object({ id: z.string() }))
    .parse(stored.find(({ phase }) => phase === "http_ratelimit")?.rules);
}

test("replaces where the provider does", async () => {
  stack.resource.cloudflare_origin_ca_certificate.origin.hostnames.push("iam.example.com");
  fixture.configure(stack);
  const change = (await fixture.plan())["cloudflare_origin_ca_certificate.origin"];
  expect(change?.actions).toEqual(["delete", "create"]);
  expect(change?.replace_paths).toEqual([["hostnames"]]);
  expect((await fixture.apply()).text).toContain("1 added, 0 changed, 1 destroyed");
});

test("shows injected drift, exactly", async () => {
  const records = Object.entries(await fixture.stored("dns_records"));
  const [v4] = records.find(([, record]) => record.type === "A") ?? [];
  const [v6] = records.find(([, record]) => record.type === "AAAA") ?? [];
  await fixture.control("PATCH", `objects/dns_records/${v4}`, { content: "198.51.100.66" });
  await fixture.control("DELETE", `objects/dns_records/${v6}`);
  await fixture.control("PATCH", `objects/zone_settings/${standInZoneId}/ssl`, { value: "flexible" });
  await fixture.control("PATCH", `objects/scripts/${standInAccountId}/clock`, { content: "stolen" });
  await fixture.control("PATCH", `objects/origin_pulls/${standInZoneId}`, { enabled: false });

  const planned = await fixture.plan();
  expect(
    Object.entries(planned)
      .map(([at, { actions }]) => `${at} ${actions}`)
      .sort(),
  ).toEqual([
    "cloudflare_authenticated_origin_pulls_settings.zone update",
    "cloudflare_dns_record.v4 update",
    "cloudflare_dns_record.v6 create",
    "cloudflare_workers_script.clock update",
    "cloudflare_zone_setting.ssl update",
  ]);
  expect(planned["cloudflare_dns_record.v4"]).toMatchObject({
    before: { content: "198.51.100.66" },
    after: { content: "203.0.113.8" },
  });
  expect(altered(planned["cloudflare_dns_record.v4"])).toEqual(["content"]);
  expect(altered(planned["cloudflare_zone_setting.ssl"])).toEqual(["value"]);
  expect(altered(planned["cloudflare_workers_script.clock"])).toEqual(["content"]);
  expect((await fixture.apply()).code).toBe(0);
  expect(await fixture.plan()).toEqual({});
});

test("does not show a changed cron trigger: the provider does not refresh its schedules", async () => {
  await fixture.control("PATCH", `objects/schedules/${standInAccountId}/clock`, {
    schedules: [{ cron: "* * * * *" }],
  });
  expect(await fixture.plan()).toEqual({});
});

test("keeps a secret that was set by hand through an upload, and does not show it", async () => {
  const bindings = async () =>
    z
      .array(z.looseObject({}))
      .parse((await fixture.stored("scripts"))[`${standInAccountId}/clock`]?.bindings);
  const secret = { name: "TOKEN", type: "secret_text", text: "by-hand" };
  await fixture.control("PATCH", `objects/scripts/${standInAccountId}/clock`, {
    bindings: [...(await bindings()), secret],
  });
  expect(await fixture.plan()).toEqual({});
  stack.resource.cloudflare_workers_script.clock.content += "\n";
  fixture.configure(stack);
  expect((await fixture.apply()).text).toContain("0 added, 1 changed");
  expect(await bindings()).toContainEqual(secret);
  expect(await fixture.plan()).toEqual({});
});

test("imports what the state has lost, to an empty plan", async () => {
  const [id] = Object.entries(await fixture.stored("dns_records")).find(([, { type }]) => type === "A") ?? [];
  const [ruleset] =
    Object.entries(await fixture.stored("rulesets")).find(([, { phase }]) => phase === "http_ratelimit") ??
    [];
  const imports = {
    "cloudflare_dns_record.v4": `${standInZoneId}/${id}`,
    "cloudflare_zone_setting.hsts": `${standInZoneId}/security_header`,
    "cloudflare_ruleset.limits": `zones/${standInZoneId}/${ruleset}`,
  };
  await fixture.terraform("state", "rm", ...Object.keys(imports));
  for (const [address, from] of Object.entries(imports)) {
    const imported = await fixture.terraform("import", "-no-color", address, from);
    expect(imported.text).toContain("Import successful!");
  }
  expect(await fixture.plan()).toEqual({});
  await fixture.terraform("state", "rm", "cloudflare_ruleset.cache");
  const wrong = await fixture.terraform(
    "import",
    "-no-color",
    "cloudflare_ruleset.cache",
    `${standInZoneId}/${ruleset}`,
  );
  expect(wrong.text).toContain('expected urlencoded segments "zones/<zone_id>/<id>"');
});

test("shows the API's refusal as a diagnostic: the entrypoint is still there", async () => {
  const refused = await fixture.apply();
  expect(refused.code).toBe(1);
  const text = refused.text.replace(/\s+/g, " ");
  expect(text).toContain("20217: 'zone' is not a valid value for kind because exceeded maximum number");
  expect(text).toContain("with cloudflare_ruleset.cache");
});

test("destroys everything but what the provider only forgets", async () => {
  const destroyed = await fixture.terraform("destroy", "-auto-approve", "-no-color");
  expect(destroyed.text).toContain("Destroy complete! Resources: 14 destroyed.");
  expect(destroyed.text).toContain("Resource Destruction Considerations");
  expect(await fixture.stored("dns_records")).toEqual({});
  expect(await fixture.stored("schedules")).toEqual({});
  expect((await fixture.stored("zone_settings"))[`${standInZoneId}/ssl`]?.value).toBe("strict");
  expect(await fixture.stored("origin_pulls")).toEqual({ [standInZoneId]: { enabled: true } });
});
