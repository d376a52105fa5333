import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadFleet } from "../../config/index.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { ENTRIES } from "../../containment/entries.ts";
import { containmentAsHtml } from "../../containment/report/html.ts";
import { containmentAsMarkdown } from "../../containment/report/markdown.ts";
import { containmentAsText } from "../../containment/report/text.ts";
import { write } from "../../stacks/output.ts";
import { checkFleet } from "../../stacks/program.ts";
import { base } from "../support/fleet/base.ts";
import { fixture } from "../support/fleet/source.ts";
import { staging } from "../support/fleet/staging.ts";

// A team's own lock is not what these are about.
beforeEach(() => {
  vi.stubEnv("OLYMPUS_PROVIDER_LOCK", join(tmpdir(), "olympus-no-lock"));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

// The workflows of the checkout, and the tests' own fleet.
const reportOf = (source: Partial<ConfigSource> = {}) =>
  checkFleet(loadFleet({ ...fixture, ...source }, {})).containment;
const S3 = {
  kind: "s3" as const,
  bucketPrefix: "acme-state",
  region: "auto",
  endpoint: "https://store.example.com",
};
const entriesOf = ({ accepted }: ReturnType<typeof reportOf>) =>
  [...new Set(accepted.flatMap(({ entries }) => entries))].sort();

test("the fleet has no finding, with states in a folder and in a store", () => {
  expect(reportOf().findings).toEqual([]);
  expect(entriesOf(reportOf())).toEqual(["plan-of-pull-requests", "shared-site", "shared-zone"]);
  const inStore = reportOf({ base: { ...base, state: S3 } });
  expect(inStore.findings).toEqual([]);
  expect(entriesOf(inStore)).toEqual([...Object.keys(ENTRIES)].sort());
});

test("a lock of the providers takes the laptop out of what a store of states opens", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-locked-"));
  const lock = join(folder, "terraform.lock.hcl");
  vi.stubEnv("OLYMPUS_PROVIDER_LOCK", lock);
  const { "plan-on-a-laptop": _, ...others } = base.accepts;
  const inStore = () => reportOf({ base: { ...base, state: S3, accepts: others } });
  expect(inStore().findings.map(({ message }) => message)).toContain("plan-on-a-laptop is not accepted");
  writeFileSync(lock, "");
  expect(inStore().findings).toEqual([]);
  expect(entriesOf(inStore())).not.toContain("plan-on-a-laptop");
  rmSync(folder, { recursive: true });
});

test("what is not accepted is a finding, with its path", () => {
  const { findings } = reportOf({ base: { ...base, accepts: {} } });
  expect(findings.map(({ path }) => path.join(" -> "))).toContain(
    "machine of staging -> write cookies of its visitors of prod",
  );
});

test("nothing is written once a decision is overdue, where the run asks for the day", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-expired-"));
  const fleet = loadFleet(fixture, {});
  expect(() => write(folder, fleet, { today: new Date("3000-01-01") })).toThrow(/not declared correctly/);
  expect(readdirSync(folder)).toEqual([]);
  write(folder, fleet);
  expect(readdirSync(folder)).not.toEqual([]);
  rmSync(folder, { recursive: true });
});

test("the names that configuration may accept are those that the table explains", () => {
  for (const name of Object.keys(ENTRIES))
    expect(() =>
      loadFleet(
        {
          ...fixture,
          base: { ...base, accepts: { [name]: { reason: "for a reason", until: "2027-01-01" } } },
        },
        {},
      ),
    ).not.toThrow();
  expect(() =>
    loadFleet(
      {
        ...fixture,
        base: { ...base, accepts: { anything: { reason: "for a reason", until: "2027-01-01" } } },
      },
      {},
    ),
  ).toThrow(/accepts/);
  expect(() =>
    loadFleet(
      {
        ...fixture,
        base: { ...base, accepts: { "shared-zone": { reason: "for a reason", until: "soon" } } },
      },
      {},
    ),
  ).toThrow(/2027-05-31/);
});

test("a mirror in a zone and a domain of its own has no path into production", () => {
  const apart = reportOf({
    base: { ...base, zones: { ...base.zones, "your-app-staging.net": "0".repeat(31).concat("9") } },
    mirrors: [["staging", { ...staging, domain: "your-app-staging.net" }]],
    requests: "__tests__/containment/csr",
  });
  expect(apart.accepted.filter(({ from }) => from.includes("staging"))).toEqual([]);
  expect(apart.findings.filter(({ law }) => law === "containment")).toEqual([]);
  // What is still accepted is no error, and is named: nobody needs it any more.
  expect(apart.unused).toEqual(expect.arrayContaining(["shared-zone", "shared-site"]));
  expect(containmentAsText(apart)).toMatch(/no path needs it: .*shared-zone/);
  expect(reportOf().unused).toEqual(["plan-on-a-laptop"]);
});

describe("the report", () => {
  const report = reportOf();
  const texts = {
    text: containmentAsText(report),
    markdown: containmentAsMarkdown(report),
    html: containmentAsHtml(report),
  };
  test.each(Object.entries(texts))("as %s names the way out of what is accepted", (_, text) => {
    expect(text).toContain(ENTRIES["shared-zone"].wayOut.slice(0, 30));
    expect(text).toContain("paths accepted knowingly");
  });
  test("as text says what is presupposed, and what a pull request reaches", () => {
    expect(texts.text).toContain("main takes reviewed pull requests alone");
    expect(texts.text).toMatch(/Who holds pull request of this repository reaches\n {2}write pull-requests/);
  });
  test("cannot be broken out of by a name", () => {
    const hostile = {
      ...report,
      findings: [
        { law: "undeclared" as const, from: "a", path: ["~~~~\n<img src=x>"], message: "</section><script>" },
      ],
    };
    expect(containmentAsMarkdown(hostile)).not.toMatch(/^~~~~\n<img/m);
    expect(containmentAsHtml(hostile)).not.toMatch(/<script>|<img/);
  });
});
