import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { everyKind, loginLimit, newRequest } from "./stack.ts";
import { account, workbench, zone } from "./terraform.ts";

/** One stack through its life, in order: each test starts from what the one before left. */
let bench: Awaited<ReturnType<typeof workbench>>;
let stack: ReturnType<typeof everyKind>;

beforeAll(async () => {
  bench = await workbench();
  stack = everyKind((await newRequest()).csr);
  bench.configure(stack);
});
afterAll(() => bench.close());

/** The attributes that a planned change alters, the merely recomputed ones left out. */
function altered(change: Awaited<ReturnType<typeof bench.plan>>[string] | undefined) {
  const { before, after } = change ?? {};
  return Object.keys(after ?? {}).filter(
    (key) => JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]),
  );
}

test("applies every kind", async () => {
  const applied = await bench.apply();
  expect(applied.text).toMatch(/Apply complete! Resources: 15 added, 0 changed, 0 destroyed/);
  expect(applied.text).toContain(`zone = "${zone}"`);
});

test("plans nothing afterwards, nor after a restart of the stand-in", async () => {
  expect(await bench.plan()).toEqual({});
  await bench.restart();
  expect(await bench.plan()).toEqual({});
});

test("updates in place and leaves the other objects alone", async () => {
  stack.resource.cloudflare_dns_record.v4.content = "203.0.113.8";
  stack.resource.cloudflare_ruleset.limits.rules = [
    { ...loginLimit, ratelimit: { ...loginLimit.ratelimit, requests_per_period: 30 } },
  ];
  bench.configure(stack);
  const planned = await bench.plan();
  expect(Object.keys(planned).sort()).toEqual(["cloudflare_dns_record.v4", "cloudflare_ruleset.limits"]);
  expect(planned["cloudflare_dns_record.v4"]?.actions).toEqual(["update"]);
  const before = await limitRules();
  expect((await bench.apply()).text).toContain("0 added, 2 changed, 0 destroyed");
  expect((await limitRules()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(await bench.plan()).toEqual({});
});
async function limitRules() {
  const stored = Object.values(await bench.stored("rulesets"));
  return z
    .array(z.object({ id: z.string() }))
    .parse(stored.find(({ phase }) => phase === "http_ratelimit")?.rules);
}

test("replaces where the provider does", async () => {
  stack.resource.cloudflare_origin_ca_certificate.origin.hostnames.push("iam.example.com");
  bench.configure(stack);
  const change = (await bench.plan())["cloudflare_origin_ca_certificate.origin"];
  expect(change?.actions).toEqual(["delete", "create"]);
  expect(change?.replace_paths).toEqual([["hostnames"]]);
  expect((await bench.apply()).text).toContain("1 added, 0 changed, 1 destroyed");
});

test("shows injected drift, exactly", async () => {
  const records = Object.entries(await bench.stored("dns_records"));
  const [v4] = records.find(([, record]) => record.type === "A") ?? [];
  const [v6] = records.find(([, record]) => record.type === "AAAA") ?? [];
  await bench.control("PATCH", `objects/dns_records/${v4}`, { content: "198.51.100.66" });
  await bench.control("DELETE", `objects/dns_records/${v6}`);
  await bench.control("PATCH", `objects/zone_settings/${zone}/ssl`, { value: "flexible" });
  await bench.control("PATCH", `objects/scripts/${account}/clock`, { content: "stolen" });
  await bench.control("PATCH", `objects/origin_pulls/${zone}`, { enabled: false });

  const planned = await bench.plan();
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
  expect((await bench.apply()).code).toBe(0);
  expect(await bench.plan()).toEqual({});
});

test("does not show a changed cron trigger: the provider does not refresh its schedules", async () => {
  await bench.control("PATCH", `objects/schedules/${account}/clock`, { schedules: [{ cron: "* * * * *" }] });
  expect(await bench.plan()).toEqual({});
});

test("keeps a secret that was set by hand through an upload, and does not show it", async () => {
  const bindings = async () =>
    z.array(z.looseObject({})).parse((await bench.stored("scripts"))[`${account}/clock`]?.bindings);
  const secret = { name: "TOKEN", type: "secret_text", text: "by-hand" };
  await bench.control("PATCH", `objects/scripts/${account}/clock`, {
    bindings: [...(await bindings()), secret],
  });
  expect(await bench.plan()).toEqual({});
  stack.resource.cloudflare_workers_script.clock.content += "\n";
  bench.configure(stack);
  expect((await bench.apply()).text).toContain("0 added, 1 changed");
  expect(await bindings()).toContainEqual(secret);
  expect(await bench.plan()).toEqual({});
});

test("imports what the state has lost, to an empty plan", async () => {
  const [id] = Object.entries(await bench.stored("dns_records")).find(([, { type }]) => type === "A") ?? [];
  const [ruleset] =
    Object.entries(await bench.stored("rulesets")).find(([, { phase }]) => phase === "http_ratelimit") ?? [];
  const imports = {
    "cloudflare_dns_record.v4": `${zone}/${id}`,
    "cloudflare_zone_setting.hsts": `${zone}/security_header`,
    "cloudflare_ruleset.limits": `zones/${zone}/${ruleset}`,
  };
  await bench.terraform("state", "rm", ...Object.keys(imports));
  for (const [address, from] of Object.entries(imports)) {
    const imported = await bench.terraform("import", "-no-color", address, from);
    expect(imported.text).toContain("Import successful!");
  }
  expect(await bench.plan()).toEqual({});
  await bench.terraform("state", "rm", "cloudflare_ruleset.cache");
  const wrong = await bench.terraform(
    "import",
    "-no-color",
    "cloudflare_ruleset.cache",
    `${zone}/${ruleset}`,
  );
  expect(wrong.text).toContain('expected urlencoded segments "zones/<zone_id>/<id>"');
});

test("shows the API's refusal as a diagnostic: the entrypoint is still there", async () => {
  const refused = await bench.apply();
  expect(refused.code).toBe(1);
  const text = refused.text.replace(/\s+/g, " ");
  expect(text).toContain("20217: 'zone' is not a valid value for kind because exceeded maximum number");
  expect(text).toContain("with cloudflare_ruleset.cache");
});

test("destroys everything but what the provider only forgets", async () => {
  const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
  expect(destroyed.text).toContain("Destroy complete! Resources: 14 destroyed.");
  expect(destroyed.text).toContain("Resource Destruction Considerations");
  expect(await bench.stored("dns_records")).toEqual({});
  expect(await bench.stored("schedules")).toEqual({});
  expect((await bench.stored("zone_settings"))[`${zone}/ssl`]?.value).toBe("strict");
  expect(await bench.stored("origin_pulls")).toEqual({ [zone]: { enabled: true } });
});
