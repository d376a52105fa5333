import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCloudflareClient, requireZone } from "../../../../cli/shared/cloudflare.ts";
import { type SandboxFixture, sandboxFixture } from "./sandbox-fixture.ts";

// What goes wrong in the field beside a deployed environment, and what is said before anything is lost.
let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await sandboxFixture();
  await fixture.plan(["staging"]);
  await fixture.terraform("staging", "apply", "-auto-approve");
});
afterAll(async () => fixture?.close());

const control = (path: string, init?: RequestInit) =>
  fetch(`${fixture.variables.CLOUDFLARE_BASE_URL?.replace("/client/v4", "")}/_sandbox/objects/${path}`, init);
const objects = async (table: string) => (await (await control(table)).json()) as Record<string, object>;

test("another zone's id loses no record: the plan warns, a deploy by hand fails, and what provision asks first says so", {
  timeout: 180_000,
}, async () => {
  const checkout = fixture.checkout();
  const before = await objects("dns_records");
  try {
    expect(Object.keys(before).length).toBeGreaterThan(10);
    checkout.plant("config/base.ts", "00000000000000000000000000000001", "0123456789abcdef0123456789abcdef");
    const { outcomes } = await fixture.plan(["staging"], {}, checkout.root);
    const [outcome] = outcomes;
    const outages = outcome?.failed === false ? outcome.summary.stateful : [];
    expect(outages.filter(({ kind }) => kind === "outage")).toHaveLength(Object.keys(before).length);
    await expect(fixture.terraform("staging", "apply", "-auto-approve")).rejects.toThrow("9109");
    expect(Object.keys(await objects("dns_records"))).toEqual(Object.keys(before));
    // What provision asks before anything, of the clouds that hold the other id for nothing.
    const cloudflare = createCloudflareClient("token", fixture.variables.CLOUDFLARE_BASE_URL);
    const asked = requireZone({ id: "0123456789abcdef0123456789abcdef", name: "your-app.com" }, cloudflare);
    await expect(asked).rejects.toThrow("the id of your-app.com (config/base.ts, zones)");
  } finally {
    checkout.remove();
  }
});

test("a state that an earlier run could not save is pushed before anything else", async () => {
  const file = join(fixture.folder, "sandbox/cdktf.out/stacks/staging/errored.tfstate");
  writeFileSync(file, "{}");
  try {
    const { code, stderr } = await fixture.plan(["staging"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`state push ${file} && rm ${file}`)]);
  } finally {
    rmSync(file);
  }
});

test("an empty state beside an environment that exists is an error, not a plan", async () => {
  const elsewhere = (name: string) => join(fixture.folder, "elsewhere", name);
  const { code, stderr } = await fixture.plan(["staging"], {
    OLYMPUS_STATE_DIR: elsewhere("state"),
    CDKTF_OUTPUT: elsewhere("cdktf.out"),
  });
  expect(code).toBe(1);
  expect(stderr).toContain("The state of staging is empty, but Hetzner has what bears its labels: ");
  expect(stderr).toContain("volume olympus-staging-data");
});

test("a certificate that was revoked in the dashboard is an outage, though no resource changes", async () => {
  const [id] = Object.keys(await objects("certificates"));
  const body = JSON.stringify({ revoked_at: "2026-11-29T03:00:00Z" });
  const headers = { "content-type": "application/json" };
  await control(`certificates/${id}`, { method: "PATCH", body, headers });
  const { code, outcomes } = await fixture.plan(["staging"]);
  expect(code).toBe(2);
  expect(outcomes).toMatchObject([
    {
      summary: {
        changes: [],
        stateful: [{ address: "cloudflare_origin_ca_certificate.origin", action: "revoked", kind: "outage" }],
      },
    },
  ]);
});

test("a server type that cannot be ordered is told by the plan, before the old machine is gone", async () => {
  const checkout = fixture.checkout();
  const shortages = `${fixture.variables.HCLOUD_ENDPOINT?.replace("/v1", "")}/_sandbox/shortages`;
  const body = JSON.stringify({ server_type: "cax31", location: "fsn1", count: 1 });
  try {
    checkout.plant("config/staging.ts", '"cax11"', '"cax31"');
    const refused = async () => {
      const { code, outcomes } = await fixture.plan(["staging"], {}, checkout.root);
      const [outcome] = outcomes;
      const risks = outcome?.failed === false ? outcome.summary.stateful : [];
      return { code, refused: risks.filter(({ kind }) => kind === "refused").map(({ meaning }) => meaning) };
    };
    expect((await refused()).refused).toEqual([]);
    await fetch(shortages, { method: "POST", body, headers: { "content-type": "application/json" } });
    expect(await refused()).toEqual({
      code: 1,
      refused: ["Hetzner has no cax31 in fsn1 now: choose another hostType, or wait."],
    });
  } finally {
    await fetch(shortages, { method: "DELETE" });
    checkout.remove();
  }
});
