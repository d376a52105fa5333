import { expect, test } from "vitest";
import { utcOffsets } from "../../config/load/local-time.ts";
import { inTimeZone, namedVariable } from "../../lib/process-env.ts";

/** What Intl says of a zone at noon UTC, in minutes: right, and too slow to ask at every start. */
function offsetByIntl(timeZone: string, month: number): number {
  const at = new Date(Date.UTC(2026, month, 15, 12));
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign = "+", hours = 0, minutes = 0] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) + 0;
}

const byIntl = (timeZone: string) =>
  [...new Set(Array.from({ length: 12 }, (_, month) => offsetByIntl(timeZone, month)))].sort((a, b) => a - b);

test("every time zone has the offsets that Intl gives it", () => {
  const zones = [...Intl.supportedValuesOf("timeZone"), "UTC"];
  expect(zones.length).toBeGreaterThan(400);
  expect(zones.filter((zone) => String(utcOffsets(zone)) !== String(byIntl(zone)))).toEqual([]);
});

test("the time zone of the process is what it was, also after an error", () => {
  const offset = () => new Date(Date.UTC(2026, 0, 15)).getTimezoneOffset();
  const [zone, before] = [namedVariable("TZ"), offset()];
  expect(inTimeZone("Asia/Kathmandu", offset)).toBe(-345);
  expect(() =>
    inTimeZone("Asia/Kathmandu", () => {
      throw new Error("boom");
    }),
  ).toThrow("boom");
  expect([namedVariable("TZ"), offset()]).toEqual([zone, before]);
});
