import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MachineFixture, startMachine } from "../../host/bundle/machine.ts";
import {
  clearFaults,
  firewall,
  hosts,
  linesOf,
  openSmokeEdge,
  reloadCaddy,
  setUpstreamFaults,
  smokeValues,
  startUpstream,
  visitor,
} from "./edge.ts";
import { EDGE_FAULTS, type Fault, UPSTREAM_FAULTS } from "./faults.ts";
import { OFFICE_ADDRESS } from "./visitor.ts";

/** No way leads there, so that nobody waits for silent ports where a test is about something else. */
const NO_PORTS = ["--address", "2001:db8::1"];
const USER = { SMOKE_EMAIL_STAGING: "smoke@example.com", SMOKE_PASSWORD_STAGING: "right" };
let machine: MachineFixture;
let upstream: { stop(): void } | undefined;

beforeAll(async () => {
  machine = await startMachine(["caddy"]);
  await openSmokeEdge(machine, USER);
  upstream = await startUpstream();
});
afterAll(async () => {
  visitor?.stop();
  upstream?.stop();
  await machine?.stop();
});

// A limit that was used up stays so for its window: whoever tries it gets an address of his own.
let nextHost = 20;
const useFreshAddress = (): Promise<void> => visitor.comeFrom(`203.0.113.${nextHost++}`);

describe("a sound environment is green", () => {
  it("from outside, with the limit used up", async () => {
    await useFreshAddress();
    const { code, report } = await visitor.smoke();
    expect(linesOf(report, "failed")).toEqual([]);
    expect(linesOf(report, "skipped")).toEqual([]);
    expect(code).toBe(0);
    expect(report.vantage.place).toBe("outside");
    expect([...new Set(report.checks.map((check) => check.kind))].sort()).toEqual(
      [
        "closed",
        "discovery",
        "headers",
        "health",
        "https",
        "jwks",
        "login",
        "login page",
        "office",
        "ports",
      ].concat(["rate limit", "tls", "version"]),
    );
    const again = await visitor.smoke();
    expect(linesOf(again.report, "failed")).toEqual([
      expect.stringMatching(/^login .*: this address used up its requests; run again in \d+ s$/),
    ]);
    expect(linesOf(again.report, "skipped")[0]).toContain("already limited");
  });
  it("from the office, which it finds out by itself, with what only the office sees", async () => {
    await visitor.comeFrom(OFFICE_ADDRESS);
    const { code, report } = await visitor.smoke("--no-rate-limit");
    expect(linesOf(report, "failed")).toEqual([]);
    expect(code).toBe(0);
    expect(report.vantage.because).toBe(`${OFFICE_ADDRESS} is in 198.51.100.0/24`);
    const passed = linesOf(report, "passed");
    expect(passed).toContain(`version ${hosts.iamAdmin}: runs 1.1.4, as pinned`);
    expect(passed).toContain(`health ${hosts.pgadmin}: /misc/ping answers 200`);
    expect(passed).toContain(
      `login page ${hosts.ciamAdmin}: /api/auth/login ends at ${hosts.iam}/login with a challenge and a nonce of its own`,
    );
    expect(new Set(report.checks.filter((c) => c.state === "skipped").map((c) => c.kind))).toEqual(
      new Set(["office", "rate limit"]),
    );
  });
});

describe("a fault is red, with its reason, and alone", () => {
  beforeEach(useFreshAddress);
  afterEach(async () => {
    await clearFaults();
    firewall();
  });
  it.each([...EDGE_FAULTS, ...UPSTREAM_FAULTS])("$name", async (fault: Fault) => {
    await fault.plant();
    const ports = fault.kinds.includes("ports") ? [] : NO_PORTS;
    const { code, report, error } = await visitor.smoke(...ports, ...(fault.args ?? ["--no-rate-limit"]));
    const red = linesOf(report, "failed");
    expect(red.join("\n"), error).toContain(fault.reason);
    expect(new Set(report.checks.filter((c) => c.state === "failed").map((c) => c.kind))).toEqual(
      new Set(fault.kinds),
    );
    expect(code).toBe(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
    expect(red.join("")).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
  it("of an administrator's application is seen from the office", async () => {
    await visitor.comeFrom(OFFICE_ADDRESS);
    setUpstreamFaults("old admin", "no pkce");
    const { report } = await visitor.smoke("--no-rate-limit", ...NO_PORTS);
    expect(linesOf(report, "failed")).toEqual([
      `version ${hosts.ciamAdmin}: runs 1.0.0, config/images.ts pins v1.1.4`,
      `version ${hosts.iamAdmin}: runs 1.0.0, config/images.ts pins v1.1.4`,
      `login page ${hosts.ciamAdmin}: /api/auth/login asks without PKCE`,
      `login page ${hosts.iamAdmin}: /api/auth/login asks without PKCE`,
    ]);
  });
});

it("a Hera that sends no content policy has the bundle's", async () => {
  await useFreshAddress();
  setUpstreamFaults("no policy");
  const { report } = await visitor.smoke("--no-rate-limit", ...NO_PORTS);
  await clearFaults();
  expect(linesOf(report, "failed")).toEqual([]);
  expect(linesOf(report, "passed")).toContain(
    `login page ${hosts.site}: /login/ciam ends at ${hosts.ciam}/login with a challenge and the bundle's content policy`,
  );
});

describe("what cannot be checked is said", () => {
  beforeEach(useFreshAddress);
  afterEach(clearFaults);
  it.each([
    ["captcha", "the page has a captcha"],
    ["script form", "the page sends its form by script"],
  ])("a login behind a %s", async (fault, reason) => {
    setUpstreamFaults(fault);
    const { code, report } = await visitor.smoke("--no-rate-limit", ...NO_PORTS);
    expect(linesOf(report, "skipped").join("\n")).toContain(`login ${hosts.site}: ${reason}`);
    expect(code).toBe(0);
  });
  it("a machine that asks for Cloudflare's certificate is red without one", async () => {
    reloadCaddy({ ...smokeValues, ORIGIN_PULL_MODE: "require_and_verify" });
    const { code, report } = await visitor.smoke("--no-rate-limit");
    expect(code).toBe(1);
    expect(linesOf(report, "failed").join("\n")).toMatch(/certificate.required/i);
  });
});

describe("a machine that is silent", () => {
  afterEach(firewall);
  it("is red, by the limits of the checks themselves", async () => {
    machine.outside(["nft", "flush chain inet olympus input"]);
    const { code, report } = await visitor.smoke("--no-rate-limit", "--from", "outside");
    expect(code).toBe(1);
    expect(linesOf(report, "passed")).toEqual([expect.stringMatching(/^ports /)]);
    expect(linesOf(report, "failed").join("\n")).toContain(`tls ${hosts.site}: no TLS within 6 s`);
  });
});
