import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudflareEmulator } from "@olympus-infra/cloudflare-emulator";
import { hetznerEmulator } from "@olympus-infra/hetzner-emulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unknownLines, unknownResources } from "../../../cli/shared/unknown-resources.ts";
import { serve } from "../../../lib/http-service.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const fleet = fixtureFleet();
const { zone, cloudflareAccountId: accountId } = fleet.reference.environment;
const folder = mkdtempSync(join(tmpdir(), "olympus-unknown-"));
const [HCLOUD, CLOUDFLARE] = ["h".repeat(64), "c".repeat(40)];
const services: Awaited<ReturnType<typeof serve>>[] = [];
let endpoints = { HCLOUD_ENDPOINT: "", CLOUDFLARE_BASE_URL: "" };

beforeAll(async () => {
  const clouds = [
    hetznerEmulator({ directory: folder, projects: { all: HCLOUD } }),
    cloudflareEmulator({
      statePath: join(folder, "cloudflare.json"),
      tokens: [{ value: CLOUDFLARE }],
      zones: [{ id: zone.id, name: zone.name, accountId }],
    }),
  ];
  for (const cloud of clouds) services.push(await serve(cloud, 0));
  endpoints = {
    HCLOUD_ENDPOINT: `${services[0]?.url}/v1`,
    CLOUDFLARE_BASE_URL: `${services[1]?.url}/client/v4`,
  };
});
afterAll(() => {
  for (const service of services) void service.close();
  rmSync(folder, { recursive: true, force: true });
});

async function make(url: string, token: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Record<string, unknown>;
}
const record = async (name: string, comment?: string, type = "A"): Promise<string> => {
  const url = `${endpoints.CLOUDFLARE_BASE_URL}/zones/${zone.id}/dns_records`;
  const content = type === "A" ? "192.0.2.10" : "2001:db8::10";
  const { result } = await make(url, CLOUDFLARE, { type, name, content, ttl: 1, comment });
  return (result as { id: string }).id;
};
const volume = async (name: string, environment?: string): Promise<string> => {
  const labels = environment ? { "managed-by": "olympus-infra", environment } : {};
  const made = await make(`${endpoints.HCLOUD_ENDPOINT}/volumes`, HCLOUD, {
    ...{ name, size: 10, location: "fsn1", labels },
  });
  return String((made.volume as { id: number }).id);
};

const found = (stack: string, plan: object = {}) =>
  unknownResources(
    {
      stack,
      variables: {
        ...endpoints,
        [`TF_VAR_hcloud_token_${stack}`]: HCLOUD,
        [`TF_VAR_cloudflare_token_${stack}`]: CLOUDFLARE,
      },
    },
    fleet,
    JSON.stringify({ format_version: "1.2", ...plan }),
  );
const planned = (address: string, after: object) => ({
  address,
  type: address.split(".")[0],
  change: { actions: ["create"], after },
});

test("clouds that hold nothing of ours are in nobody's way", async () => {
  expect(await found("prod")).toEqual([]);
  expect(await found("staging")).toEqual([]);
});

test("a record of our host with another target is in the way, with the command that imports it", async () => {
  const id = await record(`ciam.${zone.name}`);
  await record(`www.${zone.name}`);
  const plan = {
    resource_changes: [
      planned("cloudflare_dns_record.dns-ciam-aaaa", { name: `ciam.${zone.name}`, type: "AAAA" }),
      planned("cloudflare_dns_record.dns-ciam-a", { name: `ciam.${zone.name}`, type: "A" }),
    ],
  };
  const [one, ...others] = await found("prod", plan);
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    isInTheWay: true,
    what: `cloudflare_dns_record ciam.${zone.name}: A 192.0.2.10`,
    remedy: expect.stringContaining(
      `terraform import 'cloudflare_dns_record.dns-ciam-a' ${zone.id}/${id}; or remove it`,
    ),
  });
  // Deployed beside it: two A records, and an import is not the way any more.
  const [twin] = await found("prod");
  expect(twin?.remedy).toMatch(/^remove it at the provider: the state has one/);
  expect(await found("staging")).toEqual([]);
  const resources = [
    { address: "cloudflare_dns_record.dns-ciam-a", type: "cloudflare_dns_record", values: { id } },
  ];
  expect(await found("prod", { prior_state: { values: { root_module: { resources } } } })).toEqual([]);
});

test("what bears our label is in the way of a state that lost it, and of no other environment", async () => {
  const id = await volume("anything", "staging");
  expect(await found("staging")).toMatchObject([
    { isInTheWay: true, what: `hcloud_volume anything: volumes/${id}` },
  ]);
  expect((await found("prod")).map(({ what }) => what).join()).not.toContain("anything");
  // The state of an address has a number, that of a volume a text.
  for (const known of [id, Number(id)]) {
    const resources = [{ address: "hcloud_volume.data", type: "hcloud_volume", values: { id: known } }];
    expect(await found("staging", { prior_state: { values: { root_module: { resources } } } })).toEqual([]);
  }
});

test("what an environment left under its old name is shown, and stops nothing", async () => {
  await volume("olympus-stage-data", "stage");
  await record(`stage-ciam.${zone.name}`, "olympus-infra stage");
  const left = (await found("staging")).filter(({ isInTheWay }) => !isInTheWay);
  expect(left.map(({ what }) => what.split(":")[0])).toEqual([
    "hcloud_volume olympus-stage-data",
    `cloudflare_dns_record stage-ciam.${zone.name}`,
  ]);
  expect(unknownLines(left).join("\n")).toContain("left by stage, which config/ does not declare");
});

test("a name of ours without a label is found as well", async () => {
  await volume("olympus-prod-data");
  expect((await found("prod")).map(({ what }) => what.split(":")[0])).toContain(
    "hcloud_volume olympus-prod-data",
  );
});

test("an imported server is to be made again: an update would detach its addresses", async () => {
  const name = "olympus-staging";
  const { server } = await make(`${endpoints.HCLOUD_ENDPOINT}/servers`, HCLOUD, {
    ...{ name, server_type: "cpx22", image: "debian-13", location: "fsn1" },
    labels: { "managed-by": "olympus-infra", environment: "staging" },
  });
  const { id } = server as { id: number };
  const plan = { resource_changes: [planned("hcloud_server.server[0]", { name })] };
  const unknown = await found("staging", plan);
  expect(unknown.map(({ remedy }) => remedy)).toContainEqual(
    `import it in cdktf.out/stacks/staging: terraform import 'hcloud_server.server[0]' ${id}, then terraform taint 'hcloud_server.server[0]'; or remove it at the provider`,
  );
});
