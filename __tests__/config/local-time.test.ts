import { expect, test } from "vitest";
import { utcCron, utcOffsets } from "../../config/local-time.ts";

test("a zone that changes its clocks has two offsets, one that does not has one", () => {
  expect(utcOffsets("Europe/Berlin")).toEqual([60, 120]);
  expect(utcOffsets("America/New_York")).toEqual([-300, -240]);
  expect(utcOffsets("UTC")).toEqual([0]);
});

test("a local hour becomes every UTC hour it can be", () => {
  expect(utcCron("0 20 * * MON-FRI", "Europe/Berlin")).toBe("0 18,19 * * MON-FRI");
  expect(utcCron("30 8 1 * *", "UTC")).toBe("30 8 1 * *");
});

test("an hour on another UTC day, or at another minute, has no such cron", () => {
  expect(utcCron("30 0 * * *", "Europe/Berlin")).toBeUndefined();
  expect(utcCron("0 20 * * *", "America/New_York")).toBeUndefined();
  expect(utcCron("0 12 * * *", "Asia/Kolkata")).toBeUndefined();
});
