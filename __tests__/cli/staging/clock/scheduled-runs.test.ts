import { expect, test } from "vitest";
import { auditRuns, auditText } from "../../../../cli/staging/clock/run-audit.ts";
import type { WorkflowRun } from "../../../../cli/staging/clock/runs.ts";
import { expiryOf, scheduledRuns, stepsOf } from "../../../../cli/staging/clock/scheduled-runs.ts";
import { sleepsAt } from "../../../../cli/staging/night/schedule.ts";
import type { Extras } from "../../../../config/load/schema.ts";
import { fixtureFleet } from "../../../support/fleet/fleet.ts";

const extras = fixtureFleet().mirrors[0]?.environment.extras as Extras;
// Staging: Berlin, sleeps from 20:00 to 07:00 and from Friday to Monday; a refresh on the 1st, a seed on Mondays.
const FRIDAY_20 = new Date("2026-01-02T19:00:00Z");
const MONDAY_7 = new Date("2026-01-05T06:00:00Z");
const later = (date: Date, minutes: number) => new Date(date.getTime() + minutes * 60_000);

test("the schedule says whether it sleeps", () => {
  const at = [later(FRIDAY_20, -1), later(FRIDAY_20, 1), later(MONDAY_7, -1), later(MONDAY_7, 1)];
  expect(at.map((time) => sleepsAt(extras, time))).toEqual([false, true, true, false]);
});

test("a sleep is past an hour before the morning, a wake an hour before the evening", () => {
  expect(expiryOf(extras, { command: "sleep", at: FRIDAY_20 })).toEqual(later(MONDAY_7, -60));
  expect(expiryOf(extras, { command: "wake", at: MONDAY_7 })).toEqual(new Date("2026-01-05T18:00:00Z"));
  expect(expiryOf(extras, { command: "seed", at: new Date("2026-01-05T09:00:00Z") })).toEqual(
    new Date("2026-01-05T18:00:00Z"),
  );
});

test("a refresh on a weekend wakes it and puts it to sleep again", () => {
  expect(stepsOf("refresh", extras, new Date("2026-02-01T07:30:00Z"))).toEqual(["wake", "refresh", "sleep"]);
  expect(stepsOf("refresh", extras, new Date("2026-04-01T06:30:00Z"))).toEqual(["refresh"]);
  expect(stepsOf("sleep", extras, later(FRIDAY_20, 1))).toEqual(["sleep"]);
  expect(stepsOf("wake", extras, later(MONDAY_7, 1))).toEqual(["wake"]);
});

const WAKE = { command: "wake", at: MONDAY_7 } as const;
const run = (is: WorkflowRun["is"], minutes: number, id = minutes): WorkflowRun => ({
  id,
  command: "wake",
  environment: "staging",
  created: later(MONDAY_7, minutes),
  is,
  url: `https://example.com/${id}`,
});

test.each<[title: string, runs: WorkflowRun[], age: number, is: string | undefined]>([
  ["nothing, after 19 minutes", [], 19, undefined],
  ["nothing, after 20 minutes", [], 20, "missed"],
  ["a run that goes, after 89 minutes", [run("going", 0)], 89, "going"],
  ["a run that goes, after 90 minutes", [run("going", 0)], 90, "late"],
  ["a run that failed", [run("failed", 0)], 1, "failed"],
  ["a run that failed, and another that goes", [run("going", 5), run("failed", 0)], 6, "going"],
  ["a run that failed, and another by hand that did it", [run("done", 30), run("failed", 0)], 31, "done"],
  ["a run by hand of what was missed", [run("done", 55)], 60, "done"],
  ["a run of before", [run("done", -60)], 20, "missed"],
])("%s: %s", (_, runs, age, is) => {
  expect(auditRuns([WAKE], runs, later(MONDAY_7, age))[0]?.is).toBe(is);
});

test("the account is a line for each firing, wrong ones marked", () => {
  const since = new Date("2026-01-05T05:00:00Z");
  const now = new Date("2026-01-05T10:00:00Z");
  const entries = auditRuns(scheduledRuns(extras, since, now), [run("done", 1)], now);
  expect(
    auditText("staging", entries, scheduledRuns(extras, now, later(now, 24 * 60))),
  ).toMatchInlineSnapshot(`
    "The clock of staging:
      2026-01-05T06:00Z  wake     done    https://example.com/1
    ! 2026-01-05T09:00Z  seed     missed
      2026-01-05T19:00Z  sleep    comes
      2026-01-06T06:00Z  wake     comes"
  `);
});
