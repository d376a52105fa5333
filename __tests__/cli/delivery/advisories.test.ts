import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { readPins } from "../../../cli/delivery/advisories/pins.ts";
import { images } from "../../../config/images.ts";
import { Checkout } from "../../support/checkout.ts";
import { EmulatedOsv, type OsvRecord } from "./osv.ts";

const GO = (name: string, ...events: Record<string, string>[]) => ({
  package: { ecosystem: "Go", name },
  ranges: [{ type: "SEMVER", events }],
});
const MAILPIT = "github.com/axllent/mailpit";
/** Real ones, as the GitHub Advisory Database has them; the texts are short here. */
const SSRF: OsvRecord = {
  id: "GHSA-8v65-47jx-7mfr",
  aliases: ["CVE-2026-21859"],
  summary: "Mailpit has a Server-Side Request Forgery (SSRF) vulnerability in its /proxy endpoint",
  database_specific: { severity: "MODERATE" },
  affected: [GO(MAILPIT, { introduced: "0" }, { fixed: "1.28.1" })],
};
/** The same fault by another publisher. */
const SSRF_OF_GO: OsvRecord = { id: "GO-0000-0001", aliases: ["CVE-2026-21859"], affected: SSRF.affected };
const LINK_CHECK: OsvRecord = {
  id: "GHSA-mpf7-p9x7-96r3",
  aliases: ["CVE-2026-27808"],
  summary: "escapes\u001b[2J and\nlines",
  database_specific: { severity: "MODERATE" },
  affected: [GO(MAILPIT, { introduced: "0" }, { fixed: "1.29.2" })],
};
const WITHDRAWN: OsvRecord = {
  ...LINK_CHECK,
  id: "GHSA-0000-0000-0002",
  aliases: [],
  withdrawn: "2026-02-01T00:00:00Z",
};
const ofAction = (id: string, ...events: Record<string, string>[]): OsvRecord => ({
  id,
  severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
  affected: [
    {
      package: { ecosystem: "GitHub Actions", name: "actions/checkout" },
      ranges: [{ type: "ECOSYSTEM", events }],
    },
  ],
});
const OLD_ACTION = ofAction("GHSA-0000-0000-0003", { introduced: "4.0.0" }, { fixed: "4.1.3" });
const THIS_ACTION = ofAction("GHSA-0000-0000-0004", { introduced: "7.0.0" }, { last_affected: "7.0.1" });

describe.sequential("olympus advisories, of an emulated OSV", () => {
  const checkout = new Checkout();
  for (const part of [".github", ".nvmrc"]) cpSync(part, join(checkout.root, part), { recursive: true });
  const accepts = join(checkout.root, "config/advisories.ts");
  const none = readFileSync(accepts, "utf8");
  const version = images.mailpit.tag.slice(1);
  let osv: EmulatedOsv | undefined;
  afterAll(() => checkout.remove());
  afterEach(async () => {
    await osv?.stop();
    osv = undefined;
    writeFileSync(accepts, none);
  });
  const published = async (...records: OsvRecord[]) => {
    osv = new EmulatedOsv(
      records.map((record) => ({ record, matches: [version] })),
      1,
    );
    await osv.start();
    return osv;
  };
  const run = (args: readonly string[] = [], url = osv?.url ?? "http://127.0.0.1:9") =>
    execa("node", ["scripts/run.mjs", "advisories", ...args], {
      cwd: checkout.root,
      env: { OLYMPUS_OSV_URL: url },
      reject: false,
    });
  const accept = (entry: object) =>
    writeFileSync(accepts, none.replace("[];", `[${JSON.stringify(entry)}];`));

  test("none is found: exit code 0, everything was asked about, and what was not is named", async () => {
    const { bodies, queries } = await published(OLD_ACTION);
    const { exitCode, stdout } = await run();
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^No published advisory of what is pinned/),
    ]);
    for (const name of ["hera", "athena", "site", "postgres", "docker.io/library/alpine", "Node.js"])
      expect(stdout).toMatch(new RegExp(`^  ${name} \\S+: `, "m"));
    expect(Math.max(...bodies)).toBeLessThanOrEqual(1000);
    const { pins } = readPins();
    expect(queries.length).toBe(pins.flatMap(({ packages }) => packages).length);
    expect(queries).toContainEqual({ package: { ecosystem: "Go", name: MAILPIT }, version });
    expect(queries).toContainEqual({ package: { ecosystem: "GitHub Actions", name: "actions/checkout" } });
  });

  test("some are found: each fault once under all its names, with severity, version and what to do", async () => {
    await published(SSRF, SSRF_OF_GO, LINK_CHECK, WITHDRAWN, OLD_ACTION, THIS_ACTION);
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^3 published advisories/);
    // The pin is newer than the fix that is named: there is none after it.
    expect(stdout).toContain(
      `  mailpit v${version}  (config/images.ts)\n    GHSA-8v65-47jx-7mfr, CVE-2026-21859, GO-0000-0001\n    MODERATE; no fixed version; Mailpit has`,
    );
    expect(stdout).toContain("; escapes [2J and lines\n");
    expect(stdout).toContain("  actions/checkout v7.0.1  (.github/");
    expect(stdout).not.toMatch(/GHSA-0000-0000-0002|GHSA-0000-0000-0003/);
    const { findings, uncovered } = JSON.parse((await run(["--json"])).stdout);
    expect(findings.map(({ ids }: { ids: string[] }) => ids[0])).toEqual([
      "GHSA-8v65-47jx-7mfr",
      "GHSA-mpf7-p9x7-96r3",
      "GHSA-0000-0000-0004",
    ]);
    expect(uncovered.length).toBeGreaterThan(5);
  });

  test("one that is accepted does not ring until its day is over", async () => {
    await published(SSRF);
    const decision = { id: "CVE-2026-21859", pin: "mailpit", reason: "nobody but the office reaches it" };
    accept({ ...decision, until: "2999-01-01" });
    const quiet = await run();
    expect([quiet.exitCode, quiet.stdout]).toEqual([
      0,
      expect.stringContaining(`accepted until 2999-01-01: mailpit v${version}, CVE-2026-21859: nobody but`),
    ]);
    accept({ ...decision, until: "2020-01-01" });
    const over = await run();
    expect([over.exitCode, over.stdout]).toEqual([
      1,
      expect.stringContaining("until 2020-01-01, which is over"),
    ]);
    accept({ ...decision, pin: "kratos", until: "2999-01-01" });
    const other = await run();
    expect([other.exitCode, other.stdout]).toEqual([
      1,
      expect.stringContaining("CVE-2026-21859 of kratos is accepted and no longer there"),
    ]);
    accept({ id: "x", pin: "", reason: "", until: "soon" });
    const broken = await run();
    expect([broken.exitCode, broken.stderr]).toEqual([1, expect.stringContaining("config/advisories.ts: ")]);
  });

  test.each<[string, (path: string) => { status: number; text: string } | undefined, RegExp]>([
    ["refuses", () => ({ status: 403, text: "no" }), /answers 403/],
    ["breaks", () => ({ status: 503, text: "" }), /answers 503/],
    ["answers something else", () => ({ status: 200, text: '{"hello": 1}' }), /answers in another form/],
    ["answers too few", () => ({ status: 200, text: '{"results": [{}]}' }), /answers 1 of \d+ queries/],
    [
      "knows an id and not its record",
      (path) => (path.startsWith("/v1/vulns/") ? { status: 404, text: "{}" } : undefined),
      /GHSA-8v65-47jx-7mfr answers 404/,
    ],
  ])("an OSV that %s is exit code 2, and never a good morning", async (_, instead, why) => {
    (await published(SSRF)).instead = instead;
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/is not known: /);
    expect(stderr).toMatch(why);
  });

  test("so is one that is away, and one that broke once is asked again", async () => {
    const away = await run();
    expect([away.exitCode, away.stdout]).toEqual([2, ""]);
    expect(away.stderr).toContain("does not answer");
    (await published()).instead = (_, call) => (call === 1 ? { status: 502, text: "" } : undefined);
    expect((await run()).exitCode).toBe(0);
  });
});
