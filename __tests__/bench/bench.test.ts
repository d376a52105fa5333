import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { growth } from "../../bench/growth.ts";
import { type BenchmarkSubject, inTurn, measuresMemory } from "../../bench/measure.ts";
import { benchmarkHeader, compare } from "../../bench/result.ts";
import { table } from "../../bench/table.ts";
import { median, pairedRatio, percentile } from "../../lib/statistics.ts";

const scratch = mkdtempSync(join(tmpdir(), "olympus-bench-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const subject = (name: string, script: string): BenchmarkSubject => ({
  name,
  steps: [{ command: ["node", "-e", script] }],
});
const sample = (ms: number) => ({ ms, peakMiB: undefined });

test("a percentile is a figure that was seen, and the last one is the largest", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
  expect(percentile([7], 1)).toBe(7);
  expect(percentile([3, 1, 2], 99)).toBe(3);
  expect(() => percentile([], 50)).toThrow("of an empty list");
});

test("a median is the middle, or the mean of the two middle ones", () => {
  expect(median([3])).toBe(3);
  expect(median([9, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 100])).toBe(3);
  expect(() => median([])).toThrow("of an empty list");
});

test("a machine that slows down between pairs does not move the ratio", () => {
  expect(pairedRatio([30, 60, 120], [10, 20, 40])).toBe(3);
});

test("subjects run in turn, after one round more than is counted", () => {
  const log = join(scratch, "log");
  const write = (name: string) =>
    subject(name, `require("fs").appendFileSync(${JSON.stringify(log)}, "${name}")`);
  const samples = inTurn([write("A"), write("B")], 2);
  expect(samples.map((own) => own.length)).toEqual([2, 2]);
  expect(readFileSync(log, "utf8")).toBe("ABABAB");
});

test.skipIf(!measuresMemory)("peak memory is that of the child (skipped where GNU time is missing)", () => {
  const large = subject("large", "Buffer.alloc(200 * 2 ** 20, 1)");
  const peaks = inTurn([subject("small", ""), large], 1).map((own) => own[0]?.peakMiB ?? 0);
  expect((peaks[1] ?? 0) - (peaks[0] ?? 0)).toBeGreaterThan(150);
});

test("a subject that fails ends the bench with its words", () => {
  const bad = subject("bad", "console.error('no such luck'); process.exit(3)");
  expect(() => inTurn([bad], 1)).toThrow(/node -e[\s\S]*no such luck/);
});

test.each([
  [15, "met"],
  [16, "missed"],
])("an aim of 1.5 is held against the ratio: %i to 10 is %s", (ms, verdict) => {
  const result = compare("T", [subject("a", ""), subject("b", "")], [[sample(ms)], [sample(10)]], 1.5);
  expect(table(benchmarkHeader(1), [result])).toContain(`aim: at most 1.5x: ${verdict}`);
});

test("what was not measured says why", () => {
  const printed = table(benchmarkHeader(1), [{ title: "T", rows: [], skipped: "no sandbox" }]);
  expect(printed).toContain("T\n  not measured: no sandbox");
});

test("a fleet of three passes parity and policy, and times itself", async () => {
  const [own] = inTurn([await growth(3, scratch)], 1);
  expect(own?.[0]?.ms).toBeGreaterThan(0);
});

test("a wrong count of runs is refused", async () => {
  const args = ["scripts/run.mjs", "bench/bench.ts", "--runs", "0"];
  const { exitCode, stderr } = await execa("node", args, { reject: false });
  expect(stderr).toContain("a whole number from 1 to 9999");
  expect(exitCode).toBe(1);
});
