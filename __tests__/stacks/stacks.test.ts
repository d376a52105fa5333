import { Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { evaluateParity } from "../../parity/experiment.ts";
import { reportAsText } from "../../parity/report/text.ts";
import { experiment } from "../../stacks/counterfactuals.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";
import { inventory, synthesized } from "../support/synth.ts";

const stacks = synthesized();
const { prod, staging, "zone-your-app-com": zone } = stacks;
if (!prod || !staging || !zone) throw new Error(`the shipped fleet has other stacks: ${Object.keys(stacks)}`);

test("one run declares every environment and its zone", () => {
  expect(Object.keys(stacks)).toEqual(["prod", "staging", "zone-your-app-com"]);
});

describe("what a reviewer reads", () => {
  test.each(Object.keys(stacks))("inventory of %s", (name) => {
    expect(inventory(stacks[name] as typeof prod)).toMatchSnapshot();
  });
  test("the whole parity report", () => {
    const fleet = fixtureFleet();
    expect(
      fleet.mirrors.map((mirror) => reportAsText(evaluateParity(experiment(fleet, mirror)))).join("\n"),
    ).toMatchSnapshot();
  });
});

test.each(Object.keys(stacks))("the whole JSON of %s is the same on every machine", async (name) => {
  await expect(`${JSON.stringify(stacks[name], null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.tf.json`);
});

test("staging has prod's resources and its extras, whole", () => {
  const only = Object.entries(inventory(staging)).flatMap(([type, ids]) =>
    ids.filter((id) => !inventory(prod)[type]?.includes(id)).map((id) => `${type}.${id}`),
  );
  expect(only).toEqual([
    "cloudflare_dns_record.mailpit-mail-a",
    "cloudflare_dns_record.mailpit-mail-aaaa",
    "cloudflare_workers_cron_trigger.clock-triggers",
    "cloudflare_workers_script.clock",
  ]);
});

describe.each(["prod", "staging"])("%s", (name) => {
  const json = JSON.stringify(stacks[name]);

  test("keeps volume and addresses when the server goes", () => {
    for (const type of ["hcloud_volume", "hcloud_primary_ip"])
      expect(
        Testing.toHaveResourceWithProperties(json, type, {
          delete_protection: true,
          lifecycle: { prevent_destroy: true },
        }),
      ).toBe(true);
  });

  test("attaches the firewall before the first boot and mounts by itself", () => {
    expect(stacks[name]?.resource.hcloud_server?.server).toMatchObject({
      firewall_ids: [`\${hcloud_firewall.firewall.id}`],
      keep_disk: true,
    });
    expect(stacks[name]?.resource.hcloud_volume_attachment?.["server-data"]).toMatchObject({
      automount: false,
    });
  });

  test("proxies both families of every public host", () => {
    const records = Object.values(stacks[name]?.resource.cloudflare_dns_record ?? {});
    expect(records.length).toBeGreaterThanOrEqual(16);
    expect(records.every((record) => record.proxied === true && record.ttl === 1)).toBe(true);
  });

  test("names the redirect URI that a provider must know", () => {
    const host = name === "prod" ? "ciam" : "staging-ciam";
    expect(stacks[name]?.output.oidc_redirect_uris?.value).toMatchObject({
      google: `https://${host}.your-app.com/self-service/methods/oidc/callback/google`,
    });
  });
});

test("the override lifts protection of the named environment only, and is reported", () => {
  const fleet = fixtureFleet({ destroyable: "staging" });
  const [mirror] = fleet.mirrors;
  const report = evaluateParity(experiment(fleet, mirror as NonNullable<typeof mirror>));
  expect(report.findings).toEqual([]);
  expect(report.differences.filter(({ causes }) => causes.includes("destroyable"))).toHaveLength(6);
  expect(fleet.reference.environment.destroyable).toBe(false);
});

test("no secret stands in any stack", () => {
  const text = JSON.stringify(stacks);
  expect(text).not.toMatch(
    /PRIVATE KEY|AGE-SECRET-KEY|gh[ps]_[A-Za-z0-9]{20}|sk_(live|test)_|postgres:\/\/[^$"]*:[^$"]*@/,
  );
  for (const { variable } of Object.values(stacks))
    for (const [name, { sensitive, default: value }] of Object.entries(variable)) {
      if (name.startsWith("hibernated_")) continue;
      expect(name).toMatch(/_token_/);
      expect({ sensitive, value }).toEqual({ sensitive: true, value: undefined });
    }
});

test("closes admin hosts of both and every host of the rehearsal to all but the office", () => {
  const [rule] = (zone.resource.cloudflare_ruleset?.["rules-http_request_firewall_custom"]?.rules ?? []) as {
    expression: string;
    action: string;
  }[];
  expect(rule?.action).toBe("block");
  expect(rule?.expression).toContain('"ciam-admin.your-app.com"');
  expect(rule?.expression).toContain('"staging-ciam.your-app.com"');
  expect(rule?.expression).not.toContain('"ciam.your-app.com"');
  expect(rule?.expression).toMatch(/and not \(ip\.src in \{198\.51\.100\.0\/24 2001:db8:0:1::\/64\}\)$/);
});
