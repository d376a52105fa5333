import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { clock, clockSteps, clocks } from "../../../../cli/staging/clock/clock.ts";
import { namedVariable } from "../../../../lib/process-env.ts";
import { fakeWorkflowGh, type ListedRun } from "./gh.ts";

// The verbs load the checkout's configuration: here it is the tests' own.
vi.mock("../../../../config/index.ts", async (original) => {
  const actual = await original<typeof import("../../../../config/index.ts")>();
  const { fixture } = await import("../../../support/fleet/source.ts");
  return { ...actual, loadFleet: (source = fixture) => actual.loadFleet(source, {}) };
});

const folder = mkdtempSync(join(tmpdir(), "olympus-clock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let [out, err]: [string[], string[]] = [[], []];
beforeEach(() => {
  [out, err] = [[], []];
  vi.stubEnv("PATH", `${folder}${delimiter}${namedVariable("PATH")}`);
  vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Monday: Berlin's staging was woken at 06:00Z, is seeded at 09:00Z and sleeps at 19:00Z. */
const WAKE = "2026-01-05T06:00:00.000Z";
const NOON = new Date("2026-01-05T11:00:00Z");
const run = (id: number, title: string, conclusion: string | null = "success"): ListedRun => ({
  id,
  display_title: title,
  status: conclusion ? "completed" : "queued",
  conclusion,
  created_at: new Date(Date.parse(title.split(" ")[2] ?? "2026-01-05T06:30:00Z") + 30_000).toISOString(),
  html_url: `https://github.com/your-org/olympus-infra/actions/runs/${id}`,
});
const WOKEN = run(1, `wake staging ${WAKE}`);
const SEEDED = run(2, "seed staging 2026-01-05T09:00:00.000Z");

test("a day on which everything was done is well, and nobody is told", async () => {
  const written = fakeWorkflowGh(folder, { runs: [SEEDED, WOKEN] });
  await clock("staging", { tell: true }, NOON);
  expect(process.exitCode).toBe(0);
  expect(out.join("\n")).not.toContain("!");
  expect(written()).toEqual([]);
});

test.each<[title: string, runs: ListedRun[], line: RegExp]>([
  ["a wake that GitHub was never asked for", [SEEDED], /! 2026-01-05T06:00Z {2}wake {5}missed/],
  ["a wake that failed", [SEEDED, run(1, `wake staging ${WAKE}`, "failure")], /wake {5}failed {2}https.*\/1/],
  ["a wake that no runner takes", [SEEDED, run(1, `wake staging ${WAKE}`, null)], /wake {5}late/],
  ["a wake of another environment", [SEEDED, run(1, `wake demo ${WAKE}`)], /wake {5}missed/],
  ["a run whose name is none of ours", [SEEDED, run(1, "WAKE staging")], /wake {5}missed/],
])("%s opens an issue", async (_, runs, line) => {
  const written = fakeWorkflowGh(folder, { runs });
  await clock("staging", { tell: true }, NOON);
  expect(process.exitCode).toBe(1);
  expect(out.join("\n")).toMatch(line);
  const [{ path, body } = { path: "", body: {} }] = written();
  expect(path).toBe("/repos/your-org/olympus-infra/issues");
  expect(body.title).toBe("The clock of staging needs attention");
  expect(body.body).toMatch(line);
});

test("an open issue of the clock is gone on with; one that somebody else wrote is not", async () => {
  const body = "<!-- olympus clock staging -->\nolder";
  const issues = [
    { number: 3, body, user: { type: "User" } },
    { number: 4, body, user: { type: "Bot" } },
  ];
  const written = fakeWorkflowGh(folder, { issues });
  await clock("staging", { tell: true }, NOON);
  expect(written().map(({ path }) => path)).toEqual(["/repos/your-org/olympus-infra/issues/4/comments"]);
});

test("a run that is about to end red counts as failed, and one by hand too", async () => {
  const mine = run(9, "sleep staging", null);
  const written = fakeWorkflowGh(folder, { runs: [mine, SEEDED, WOKEN] });
  await clock("staging", { tell: true, failed: "9" }, NOON);
  expect(process.exitCode).toBe(1);
  expect(written()[0]?.body.body).toContain(`sleep of staging failed: ${mine.html_url}`);
});

test("GitHub out of reach is an error, and no clean day", async () => {
  rmSync(join(folder, "gh"), { force: true });
  vi.stubEnv("PATH", folder);
  await expect(clock("staging", {}, NOON)).rejects.toThrow("The runs of clock.yml cannot be listed");
});

const steps = (command: string, firing: string, now: string | Date, id = "9") =>
  clockSteps("staging", { command, firing, run: id }, new Date(now));

test("a firing in time is done, and a person's wish at any time", async () => {
  fakeWorkflowGh(folder, { runs: [run(9, `wake staging ${WAKE}`, null)] });
  vi.stubEnv("OLYMPUS_STATE_DIR", folder);
  await steps("wake", WAKE, "2026-01-05T06:02:00Z");
  await steps("sleep", "", "2026-01-05T06:02:00Z");
  await steps("seed", "", NOON);
  expect(out).toEqual(["wake=true", "sleep=true", "seed=true"]);
});

test("a sleep that comes with the morning is dropped; a minute before that hour it is not", async () => {
  fakeWorkflowGh(folder);
  vi.stubEnv("OLYMPUS_STATE_DIR", folder);
  const evening = "2026-01-05T19:00:00.000Z";
  await steps("sleep", evening, "2026-01-06T05:00:00Z");
  expect([out, err[0]]).toEqual([[], expect.stringContaining("it expired at 2026-01-06T05:00:00.000Z")]);
  await steps("sleep", evening, "2026-01-06T04:59:00Z");
  expect(out).toEqual(["sleep=true"]);
});

test.each<[title: string, other: ListedRun, isDropped: boolean]>([
  ["an earlier run of the same firing that succeeded", run(8, `wake staging ${WAKE}`), true],
  ["… that goes", run(8, `wake staging ${WAKE}`, null), true],
  ["… that failed", run(8, `wake staging ${WAKE}`, "failure"), false],
  ["a later run of the same firing", run(10, `wake staging ${WAKE}`, null), false],
  ["itself, run again", run(9, `wake staging ${WAKE}`, null), false],
  ["the same minute elsewhere", run(8, `wake demo ${WAKE}`), false],
  ["another command", run(8, `seed staging ${WAKE}`), false],
])("delivered twice: %s", async (_, other, isDropped) => {
  fakeWorkflowGh(folder, { runs: [other] });
  vi.stubEnv("OLYMPUS_STATE_DIR", folder);
  await steps("wake", WAKE, "2026-01-05T06:05:00Z");
  expect(out).toEqual(isDropped ? [] : ["wake=true"]);
});

test("what would begin without the state is refused, what needs none is not", async () => {
  fakeWorkflowGh(folder);
  await expect(steps("wake", "", NOON)).rejects.toThrow("Terraform's state is local");
  await expect(steps("refresh", "", "2026-02-01T08:00:00Z")).rejects.toThrow("Terraform's state is local");
  await steps("refresh", "", NOON);
  expect(out).toEqual(["refresh=true"]);
});

test("a deploy wakes a machine that the clock can have put to sleep, and no other", async () => {
  await steps("deploy", "", NOON);
  expect([out, err]).toEqual([[], [expect.stringContaining("is not put to sleep by the clock")]]);
  vi.stubEnv("OLYMPUS_STATE_DIR", folder);
  await steps("deploy", "", NOON);
  expect(out).toEqual(["wake=true"]);
});

test("prod has no clock; a command or a time that is none is refused", async () => {
  await expect(clock("prod", {}, NOON)).rejects.toThrow("Only a non-production environment has a clock.");
  await expect(clockSteps("prod", { command: "sleep", firing: "", run: "1" })).rejects.toThrow("has a clock");
  await expect(steps("toString", "", NOON)).rejects.toThrow("is not a command of the clock");
  await expect(steps("wake", "tomorrow", NOON)).rejects.toThrow("--firing tomorrow");
});

test("without a name every environment that has a clock is looked after, and one that is not well makes it red", async () => {
  fakeWorkflowGh(folder, { runs: [SEEDED, WOKEN] });
  await clocks(undefined, {}, NOON);
  expect([out.length, process.exitCode]).toEqual([1, 0]);
  fakeWorkflowGh(folder, { runs: [SEEDED] });
  await clocks(undefined, {}, NOON);
  expect(process.exitCode).toBe(1);
});
