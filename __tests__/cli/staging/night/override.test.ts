import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awake } from "../../../../cli/staging/night/awake.ts";
import { parseAwakeUntil } from "../../../../cli/staging/night/override.ts";

const until = (text: string, now: string, zone = "Europe/Berlin") =>
  parseAwakeUntil(text, zone, new Date(now)).toISOString();
const NOW = "2026-11-26T18:00:00Z";

describe("awake until", () => {
  test.each([
    ["a local time of winter", "2026-11-27T02:00", NOW, "2026-11-27T01:00:00.000Z"],
    ["a local time of summer", "2026-07-01T02:00", "2026-06-30T12:00:00Z", "2026-07-01T00:00:00.000Z"],
    ["an offset", "2026-11-27T02:00+05:30", NOW, "2026-11-26T20:30:00.000Z"],
    ["UTC", "2026-11-27T02:00Z", NOW, "2026-11-27T02:00:00.000Z"],
    // The clock shows 2:30 twice: the later one keeps awake for longer.
    ["the hour that comes twice", "2026-10-25T02:30", "2026-10-24T12:00:00Z", "2026-10-25T01:30:00.000Z"],
    ["seven days from now", "2026-12-03T19:00", NOW, "2026-12-03T18:00:00.000Z"],
    ["a second from now", "2026-11-26T19:00:01", NOW, "2026-11-26T18:00:01.000Z"],
  ])("%s is taken", (_, text, now, instant) => {
    expect(until(text, now)).toBe(instant);
  });

  test.each([
    ["now", "2026-11-26T19:00", NOW, "is in the past"],
    ["more than seven days", "2026-12-03T19:00:01", NOW, "at most 7 days"],
    ["an hour that the clock jumps over", "2026-03-29T02:30", "2026-03-28T12:00:00Z", "must exist there"],
    ["a day that no month has", "2026-11-31T02:00", NOW, "must exist there"],
    ["a word", "tomorrow", NOW, "is not a valid time"],
    ["a day alone", "2026-11-27", NOW, "is not a valid time"],
  ])("%s is refused", (_, text, now, reason) => {
    expect(() => until(text, now)).toThrow(reason);
  });

  test("any text is a time or a readable refusal", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map(String)), (text) => {
        try {
          until(text, NOW);
        } catch (error) {
          expect(String(error)).toContain("--until");
        }
      }),
    );
  });

  test("where people are served it is refused; one of --until and --clear is wanted", async () => {
    await expect(awake("prod", { until: "2026-11-27T02:00" })).rejects.toThrow(
      "Only a non-production environment sleeps.",
    );
    await expect(awake("staging", {})).rejects.toThrow("--until <time> or --clear");
    await expect(awake("staging", { clear: true, until: "2026-11-27T02:00" })).rejects.toThrow("--clear");
  });
});
