import { execa } from "execa";
import { expect, test } from "vitest";
import { isTimeZone, utcOffsets } from "../../config/load/local-time.ts";

const zones = [...Intl.supportedValuesOf("timeZone"), "UTC"];

/** Offsets of each zone at the noons of 2026, as a process tells whose own clock is that zone's: not by way of Intl. */
const OWN_CLOCKS = `
  const noons = Array.from({ length: 365 }, (_, day) => Date.UTC(2026, 0, day + 1, 12));
  const offsets = (zone) => {
    process.env.TZ = zone;
    return [...new Set(noons.map((at) => 0 - new Date(at).getTimezoneOffset()))].sort((a, b) => a - b);
  };
  console.log(JSON.stringify(process.argv.slice(1).map(offsets)));`;

test("every time zone has the offsets of its own clock", async () => {
  expect(zones.length).toBeGreaterThan(400);
  const { stdout } = await execa(process.execPath, ["--eval", OWN_CLOCKS, ...zones]);
  const own: number[][] = JSON.parse(stdout);
  expect(zones.filter((zone, i) => String(utcOffsets(zone)) !== String(own[i]))).toEqual([]);
});

test("a zone may have several names, each as IANA writes it", () => {
  const others = [
    "Asia/Kolkata",
    "Asia/Ho_Chi_Minh",
    "Europe/Kyiv",
    "Etc/UTC",
    "Etc/GMT+1",
    "US/Eastern",
    "US/Pacific",
    "GMT",
    "CET",
    "America/Port-au-Prince",
    "America/Argentina/ComodRivadavia",
  ];
  expect([...zones, ...others].filter((zone) => !isTimeZone(zone))).toEqual([]);
});

test("an offset, a name in another case and an unknown name are none", () => {
  const wrong = [
    "europe/berlin",
    "EUROPE/BERLIN",
    "Europe/berlin",
    "us/eastern",
    "US/EASTERN",
    "US/eastern",
    "+01:00",
    "-05:00",
    "UTC+1",
    "Europe/Nowhere",
    "Europe/Berlin ",
    "",
  ];
  expect(wrong.filter(isTimeZone)).toEqual([]);
});
