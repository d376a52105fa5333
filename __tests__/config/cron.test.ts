import { expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { localCron, readCron, yearlyOccurrences } from "../../config/load/cron.ts";
import { ConfigError } from "../../config/load/problems.ts";
import { fixture } from "../support/fleet/source.ts";
import { staging } from "../support/fleet/staging.ts";
import { ACCEPTED, REFUSED } from "./cron-cases.ts";

test.each(ACCEPTED)("$cron is due at $at on its days", ({ cron, at, january, inYear }) => {
  const times = yearlyOccurrences(localCron(cron)).map((minutes) => new Date(minutes * 60_000).toISOString());
  expect(times).toHaveLength(inYear);
  expect(times.filter((time) => time < "2026-02")).toEqual(
    january.map((day) => `2026-01-${String(day).padStart(2, "0")}T${at}:00.000Z`),
  );
});

test.each(REFUSED)("%j is refused, and the words say what to write", (cron, why, instead) => {
  const read = readCron(cron);
  expect(read).toEqual({
    refusal: {
      why: expect.stringContaining(why),
      allowed: expect.stringMatching(/.../),
      remedy: expect.stringContaining(instead),
    },
  });
  expect(() => localCron(cron)).toThrow(why);
});

test("a refused line is a problem of its field, with help of its own", () => {
  const extras = { ...staging.extras, nightlyStop: "0 20 * * SAT-MON" };
  const load = () => loadFleet({ ...fixture, mirrors: [["staging", { ...staging, extras }]] });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(
    [
      "config/staging.ts  extras.nightlyStop",
      '  found    "0 20 * * SAT-MON" (has a range that passes the end of the week, SAT-MON)',
      "  allowed  a range whose first day comes before its last, Sunday first or last",
      "  do       write SAT,SUN,MON",
    ].join("\n"),
  );
});
