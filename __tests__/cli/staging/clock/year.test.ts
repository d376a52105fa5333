import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { fixtureFleet } from "../../../support/fleet/fleet.ts";
import { due, started, timesOf } from "./times.ts";
import { clockInWorkerd, deployed } from "./worker.ts";

let clock: Awaited<ReturnType<typeof clockInWorkerd>>;
beforeAll(async () => {
  clock = await clockInWorkerd();
});
afterAll(() => clock[Symbol.asyncDispose]());
beforeEach(() => {
  clock.sent.length = 0;
});

const lines = () => started(clock.sent);

test("a year of staging's triggers starts every command at its local minute, once each", async () => {
  const { crons, bindings } = deployed();
  const { extras } = fixtureFleet().mirrors[0]?.environment ?? {};
  const events = crons.flatMap((cron) => timesOf(cron, "UTC"));
  await clock.fireAll(events);

  expect(crons).toEqual(["0,30 5,6,7,8,9,18,19 * * *"]);
  expect(lines()).toEqual(due(JSON.parse(bindings.COMMANDS ?? ""), extras?.timeZone ?? ""));
  const count = (name: string) => lines().filter((line) => line.endsWith(` ${name}`)).length;
  expect(["sleep", "wake", "refresh", "seed"].map(count)).toEqual([261, 261, 12, 52]);
  // Over the weekends on which Berlin's clocks change, 29 March and 25 October.
  const within = (from: string, to: string) => lines().filter((line) => line > from && line < to);
  expect(within("2026-03-27T12", "2026-03-30T12")).toEqual([
    "2026-03-27T19:00:00.000Z sleep",
    "2026-03-30T05:00:00.000Z wake",
    "2026-03-30T08:00:00.000Z seed",
  ]);
  expect(within("2026-10-23T12", "2026-10-26T12")).toEqual([
    "2026-10-23T18:00:00.000Z sleep",
    "2026-10-26T06:00:00.000Z wake",
    "2026-10-26T09:00:00.000Z seed",
  ]);
});

test("an event delivered twice, or late within its minute, is the same firing", async () => {
  const at = Date.UTC(2026, 0, 5, 19);
  for (const late of [0, 0, 59_999]) await clock.fire(new Date(at + late));
  expect(new Set(lines())).toEqual(new Set(["2026-01-05T19:00:00.000Z sleep"]));
  expect(lines()).toHaveLength(3);
});
