import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { utcCron } from "../../../../config/load/local-time.ts";
import { due, started, timesOf } from "./times.ts";
import { clockInWorkerd } from "./worker.ts";

let clock: Awaited<ReturnType<typeof clockInWorkerd>>;
beforeAll(async () => {
  clock = await clockInWorkerd();
});
afterAll(() => clock[Symbol.asyncDispose]());
beforeEach(() => {
  clock.sent.length = 0;
});

// On every day, so that the days of change have their commands too: the south, half an hour, both, the next day in UTC,
// and clocks that go by half an hour.
test.each([
  "America/Santiago",
  "Asia/Kolkata",
  "Australia/Adelaide",
  "America/New_York",
  "Australia/Lord_Howe",
])("a year in %s starts every command at its local minute, once each", async (timeZone) => {
  const commands = { sleep: "0 20 * * *", wake: "15 7 * * *", refresh: "30 11 1 * *", seed: "0 16 * * SUN" };
  const events = timesOf(utcCron(Object.values(commands), timeZone), "UTC");
  await clock.fireAll(events, { COMMANDS: JSON.stringify(commands), TIME_ZONE: timeZone });
  expect(started(clock.sent)).toEqual(due(commands, timeZone));
  expect(started(clock.sent)).toHaveLength(365 * 2 + 12 + 52);
});
