import { afterAll, beforeAll, expect, test } from "vitest";
import { scheduledRuns } from "../../../../cli/staging/clock/scheduled-runs.ts";
import type { Extras } from "../../../../config/load/schema.ts";
// @ts-expect-error: the Worker is JavaScript, as it is uploaded.
import { isDue } from "../../../../constructs/clock-worker.js";
import { ACCEPTED } from "../../../config/cron-cases.ts";
import { staging } from "../../../support/fleet/staging.ts";
import { started } from "./times.ts";
import { clockInWorkerd } from "./worker.ts";

let clock: Awaited<ReturnType<typeof clockInWorkerd>>;
beforeAll(async () => {
  clock = await clockInWorkerd();
});
afterAll(() => clock[Symbol.asyncDispose]());

const BEGIN = Date.UTC(2026, 0);
const END = Date.UTC(2027, 0);
const dates = Array.from({ length: 365 }, (_, day) => new Date(BEGIN + day * 86_400_000));
const ofJanuary = ({ at, january }: (typeof ACCEPTED)[number]): string[] =>
  january.map((day) => `2026-01-${String(day).padStart(2, "0")}T${at}:00.000Z`);

test.each(ACCEPTED)("the command that expects runs reads $cron as config does", (one) => {
  const extras = { ...staging.extras, timeZone: "UTC", nightlyStop: one.cron } as Extras;
  const times = scheduledRuns(extras, new Date(BEGIN - 1), new Date(END - 1))
    .filter(({ command }) => command === "sleep")
    .map(({ at }) => at.toISOString());
  expect(times).toHaveLength(one.inYear);
  expect(times.filter((time) => time < "2026-02")).toEqual(ofJanuary(one));
});

const WEEK = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

test.each(ACCEPTED)("the Worker's function reads $cron as config does", (one) => {
  const [hour = 0, minute = 0] = one.at.split(":").map(Number);
  const due = dates.filter((date) => {
    const [day, weekday] = [date.getUTCDate(), WEEK[date.getUTCDay()]];
    expect(isDue(one.cron, { minute: (minute + 1) % 60, hour, day, weekday })).toBe(false);
    expect(isDue(one.cron, { minute, hour: (hour + 1) % 24, day, weekday })).toBe(false);
    return isDue(one.cron, { minute, hour, day, weekday });
  });
  expect(due).toHaveLength(one.inYear);
  expect(due.filter((date) => date.getUTCMonth() === 0).map((date) => date.getUTCDate())).toEqual(
    one.january,
  );
});

test("workerd reads every line as config does", async () => {
  const commands = Object.fromEntries(ACCEPTED.map(({ cron }) => [cron, cron]));
  const clocks = [...new Set(ACCEPTED.map(({ at }) => at))];
  const events = clocks.flatMap((at) => {
    const [hour = 0, minute = 0] = at.split(":").map(Number);
    return dates.map((date) => new Date(date.getTime() + (hour * 60 + minute) * 60_000));
  });
  await clock.fireAll(events, { COMMANDS: JSON.stringify(commands), TIME_ZONE: "UTC" });
  const lines = started(clock.sent);
  for (const one of ACCEPTED) {
    const times = lines
      .filter((line) => line.endsWith(`Z ${one.cron}`))
      .map((line) => line.split(" ")[0] ?? "");
    expect(times, one.cron).toHaveLength(one.inYear);
    expect(times.filter((time) => time < "2026-02").sort(), one.cron).toEqual(ofJanuary(one));
  }
});
