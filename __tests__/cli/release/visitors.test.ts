import { expect, test } from "vitest";
import { visitorsBetween, visitorsText } from "../../../cli/release/visitors.ts";

const counters = (all: number, failed: number, slow: number, held: number): string =>
  [
    `olympus_start_answers_total{kind="all"} ${all}`,
    `olympus_start_answers_total{kind="failed"} ${failed}`,
    `olympus_start_answers_total{kind="slow"} ${slow}`,
    `olympus_start_held_seconds_total ${held}`,
    "",
  ].join("\n");

test("a release is shown what came since it began, over as many starts as it took", () => {
  expect(visitorsBetween(counters(90, 1, 2, 4.5), counters(690, 4, 2, 6.75))).toEqual({
    ...{ answers: 600, failed: 3, slow: 0, heldSeconds: 2.25 },
  });
});

test("the first release that counts has no figures before it, and an earlier one none after it", () => {
  expect(visitorsBetween("", counters(5, 0, 0, 0))?.answers).toBe(5);
  expect(visitorsBetween(counters(5, 0, 0, 0), "")).toBeUndefined();
});

test("a reboot in between counts from zero, and what is no figure is none", () => {
  expect(visitorsBetween(counters(500, 9, 9, 9), counters(4, 0, 0, 0))?.answers).toBe(0);
  expect(visitorsBetween("", 'olympus_start_answers_total{kind="all"} many\n')?.answers).toBe(0);
});

test("says it in one line", () => {
  const line = visitorsText({ answers: 600, failed: 3, slow: 1, heldSeconds: 2.25 });
  expect(line).toMatch(/600 answers.*3 errors.*1 after more than 5 s.*2\.[23] s/);
});
