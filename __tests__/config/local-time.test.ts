import { expect, test } from "vitest";
import { localCron } from "../../config/load/cron.ts";
import { comesOnce, utcCron, utcOffsets } from "../../config/load/local-time.ts";

test("a zone that changes its clocks has two offsets, one that does not has one", () => {
  expect(utcOffsets("Europe/Berlin")).toEqual([60, 120]);
  expect(utcOffsets("America/New_York")).toEqual([-300, -240]);
  expect(utcOffsets("UTC")).toEqual([0]);
});

test("local times become every UTC time they can be, on every day", () => {
  expect(utcCron(["0 20 * * MON-FRI"], "Europe/Berlin")).toBe("0 18,19 * * *");
  expect(utcCron(["0 20 * * MON-FRI", "30 8 1 * *"], "UTC")).toBe("0,30 8,20 * * *");
  expect(utcCron(["0 20 * * *"], "America/New_York")).toBe("0 0,1 * * *");
  expect(utcCron(["0 20 * * *", "0 7 * * *"], "Australia/Adelaide")).toBe("30 9,10,20,21 * * *");
  expect(utcCron(["0 12 * * *"], "Australia/Lord_Howe")).toBe("0,30 1 * * *");
});

test.each([
  // The hour that is skipped in March, and the same hour, which is repeated in October.
  ["59 1 * * *", "Europe/Berlin", true],
  ["0 2 * * *", "Europe/Berlin", false],
  ["59 2 * * *", "Europe/Berlin", false],
  ["0 3 * * *", "Europe/Berlin", true],
  // Clocks that go by half an hour, in the evening, at midnight, and never.
  ["29 2 * * *", "Australia/Lord_Howe", false],
  ["30 2 * * *", "Australia/Lord_Howe", true],
  ["30 23 * * *", "America/Nuuk", false],
  ["30 0 * * *", "Africa/Cairo", false],
  ["30 2 * * *", "Asia/Kolkata", true],
])("%s in %s comes once on every day: %s", (cron, zone, once) => {
  expect(comesOnce(localCron(cron), zone)).toBe(once);
});
