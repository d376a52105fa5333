import { describe, expect, it } from "vitest";
import { detectNetworkLocation } from "../../../cli/smoke/network-location.ts";
import { planOf } from "../../../cli/smoke/plan.ts";
import { reportOf, smokeReportText } from "../../../cli/smoke/report.ts";
import { smoke } from "../../../cli/smoke/smoke.ts";
import type { Target } from "../../../cli/smoke/target.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import { clientOf } from "./smoke-client.ts";

const fleet = fixtureFleet();
const prod = fleet.reference.environment;
const staging = fleet.mirrors[0]?.environment ?? prod;

describe("vantage", () => {
  const through = (trace: string) =>
    detectNetworkLocation(
      staging,
      clientOf(() => ({ body: trace })),
      false,
    );
  it.each([
    ["fl=1\nip=198.51.100.200\nts=1", "office"],
    ["ip=2001:db8:0:1::77", "office"],
    ["ip=203.0.113.9", "outside"],
    ["ip=999.999", "outside"],
    ["<html>", "outside"],
  ])("%j", async (trace, place) => {
    expect((await through(trace)).place).toBe(place);
  });
  it("sees our end of the connection at the machine itself, also as IPv4 in IPv6", async () => {
    const client = clientOf(() => ({ ownAddress: "::ffff:198.51.100.7" }));
    expect((await detectNetworkLocation(staging, client, true)).place).toBe("office");
  });
});

describe("planOf", () => {
  const target = (env: typeof prod, place: "office" | "outside", origin = false): Target => ({
    ...{
      env,
      origin,
      client: clientOf(() => ({ status: 403 })),
      vantage: { place, because: "the test says so" },
    },
    ...{ addresses: [], user: undefined, rateLimit: false },
  });
  const kinds = (of: Target) => new Set(planOf(of).flatMap((group) => group.map(({ kind }) => kind)));

  it("does not call a rehearsal green that only showed Cloudflare's refusal", async () => {
    const plan = planOf(target(staging, "outside"));
    expect(kinds(target(staging, "outside"))).toEqual(new Set(["vantage", "tls", "ports", "office"]));
    const refused = plan.flat().find(({ kind }) => kind === "vantage");
    await expect(refused?.run()).rejects.toThrow("nothing of the application can be seen");
    const closed = plan.flat().filter(({ kind }) => kind === "office");
    expect(closed).toHaveLength(9);
    for (const { run } of closed) expect(await run()).toContain("403 outside");
  });
  it("sees the application of prod from everywhere, of a rehearsal from the office or at the machine", () => {
    for (const of of [target(prod, "outside"), target(staging, "office"), target(staging, "outside", true)])
      expect(kinds(of)).toContain("login");
  });
});

describe("the report", () => {
  it("puts red last, counts, and shows nothing that steers a terminal", () => {
    const result = (state: "passed" | "failed", detail: string) => ({
      kind: "tls",
      subject: "h",
      state,
      detail,
      ms: 1,
    });
    const report = reportOf("staging", { place: "outside", because: "x" }, new Date(), [
      result("failed", `\u001b[2J\u202egone${"!".repeat(900)}`),
      result("passed", "fine"),
    ]);
    const lines = smokeReportText(report).split("\n");
    expect(lines[1]).toBe("  ok    tls  h  fine");
    expect(lines[2]).toMatch(/^ {2}RED {3}tls {2}h {3}\[2J gone!+…$/);
    expect(lines[2]?.length).toBeLessThan(330);
    expect(lines[3]).toMatch(/^RED: 1 passed, 1 failed, 0 skipped in \d/);
  });
});

describe("olympus smoke", () => {
  it.each([
    ["nowhere", {}, "config/ declares prod, staging"],
    ["staging", { from: "home" }, "--from home: write office, outside or auto"],
    ["staging", { origin: true }, "--origin needs --address or --resolve"],
    ["staging", { resolve: "localhost:443" }, "write an address and perhaps a port"],
    ["staging", { resolve: "[::1]:99999" }, "--resolve [::1]:99999: write an address"],
    ["staging", { address: ["-x"] }, "--address -x"],
    ["staging", { cert: "a" }, "--cert and --key go together"],
    ["staging", { ca: "/no/such/file" }, "--ca /no/such/file cannot be read"],
  ])("%s %j", async (name, options, message) => {
    await expect(smoke(name, options)).rejects.toThrow(message);
  });
});
