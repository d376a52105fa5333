import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hetznerEmulator } from "@olympus-infra/hetzner-emulator";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { costText, environmentCost, shareOf } from "../../../cli/delivery/cost.ts";
import type { Offer } from "../../../cli/shared/hetzner.ts";
import { sleepingMonth } from "../../../cli/staging/night/schedule.ts";
import type { Environment } from "../../../config/load/environment.ts";
import { serve } from "../../../lib/http-service.ts";
import { Checkout } from "../../support/checkout.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const { reference, mirrors } = fixtureFleet();
/** The server types that this repository comes with. */
const shipped = [
  { ...reference.environment, hostType: "cpx32" },
  ...mirrors.map(({ environment }) => ({ ...environment, hostType: "cpx22" })),
] as const;
const [prod, staging] = shipped.map((environment) => environmentCost(environment as Environment));
if (!prod || !staging) throw new Error("two environments");

test("each resource is in it, and the sum is that of an invoice", () => {
  expect(prod.resources.map(({ item }) => item)).toEqual(["server cpx32", "primary IPv4", "volume 20 GB"]);
  expect(prod).toMatchObject({ neverAsleep: 37.13, asDeclared: 37.13, serverHour: 0.0568 });
});

test("what sleeps costs less, and its resources that stay cost the same", () => {
  expect(staging.neverAsleep).toBe(21.13);
  // 260 wakings of 13 h in 360 days, the volume and the address.
  expect(staging.asDeclared).toBeGreaterThan(10);
  expect(staging.asDeclared).toBeLessThan(11);
});

test("a refresh on a day of rest is a machine of its own, one on a day of work is not", () => {
  const { extras } = mirrors[0]?.environment ?? {};
  if (!extras) throw new Error("no extras");
  const price = { hourly: 1, monthly: 1000 };
  const month = (monthlyRefresh: string) =>
    sleepingMonth({ ...extras, monthlyRefresh }, new Date("2026-01-01"), price);
  expect(month("0 12 * * SUN") - month("0 12 * * WED")).toBeCloseTo(51 / 12, 5);
});

test("the README says the share of today's book", () => {
  const [, share] = /staging costs (\d+) % of prod/.exec(readFileSync("README.md", "utf8")) ?? [];
  expect(Number(share)).toBe(shareOf(staging, prod));
});

test("a person reads it on one screen, with the budget where there is one", () => {
  expect(costText([prod, { ...staging, budget: 25 }])).toMatchInlineSnapshot(`
    "Net EUR a month, prices of 2026-09-03 (\`./olympus types\` asks for newer ones).

    prod
      server cpx32                    35.49   0.0568 an hour
      primary IPv4                     0.50
      volume 20 GB                     1.14
      together, never asleep          37.13

    staging
      server cpx22                    19.49   0.0312 an hour
      primary IPv4                     0.50
      volume 20 GB                     1.14
      together, never asleep          21.13
      with its nights as declared     10.33
      budget                          25.00

    staging costs 28 % of prod."
  `);
});

test("where a type cannot be had again, it says what follows", () => {
  const said = (today: Offer | null) =>
    costText([
      { ...prod, today },
      { ...staging, today },
    ]);
  const offer = { type: "cpx32", hourly: 0.1, monthly: 35.49, available: false };
  expect(said(offer)).toMatch(
    /none can be ordered: a server that is lost[\s\S]*none can be ordered: its nights/,
  );
  expect(said({ ...offer, available: true })).not.toContain("none can be ordered");
  expect(said(null)).toContain("does not sell its server any more");
});

describe("olympus cost", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-cost-"));
  const checkout = new Checkout();
  afterAll(() => {
    checkout.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (words: readonly string[] = [], env = {}) =>
    execa("node", ["scripts/run.mjs", "cost", ...words], { cwd: checkout.root, env });

  test("with a token asks Hetzner, and says where no server can be had", async () => {
    const token = "s".repeat(64);
    const service = await serve(hetznerEmulator({ directory: folder, projects: { staging: token } }));
    try {
      const shortage = { location: "fsn1", server_type: "cax11" };
      await fetch(`${service.url}/_sandbox/shortages`, { method: "POST", body: JSON.stringify(shortage) });
      const { stdout } = await run([], { HCLOUD_TOKEN_STAGING: token, HCLOUD_ENDPOINT: `${service.url}/v1` });
      expect(stdout).toMatch(/server at Hetzner now +10\.49\n/);
      expect(stdout).toMatch(/server at Hetzner now +5\.99 +none can be ordered/);
    } finally {
      await service.close();
    }
  });

  test("as JSON is one document", async () => {
    expect(JSON.parse((await run(["--json"])).stdout)).toMatchObject({
      currency: "EUR",
      environments: [{ name: "prod" }, { name: "staging" }],
    });
  });
});
