import { expect, test } from "vitest";
import { backupMethods } from "../../bench/host/backup.ts";
import { type HostFigures, hostTable } from "../../bench/host/table.ts";
import { summarize } from "../../bench/host/times.ts";
import { benchmarkHeader } from "../../bench/result.ts";

const latency = { p50: 250, p95: 300, p99: 400 };
const rounds = new Map([
  ["pg_dump alone", [1, 2, 1]],
  ["backup, all of it new", [5, 20, 4]],
  ["backup, nothing new", [3, 6, 3]],
  ["pg_restore alone", [2, 4, 2]],
  ["drill: loaded beside, compared", [6, 12, 8]],
  ["restore, until it serves", [40, 60, 50]],
]);
const figures = (met: boolean): HostFigures => ({
  times: summarize([
    { bootToHealthy: 60, firstStart: 20, restarts: [9, 11] },
    { bootToHealthy: 80, firstStart: 30, restarts: [10, 100] },
  ]),
  memory: [
    { service: "postgres", mib: 120, standIn: undefined },
    { service: "site", mib: 8, standIn: "a small program" },
  ],
  logins: { pairs: 3, kratos: latency, caddy: latency, ratio: met ? 1.05 : 1.2, met },
  release: { rounds: 3, toHealthy: 41.25, smoke: 6.5 },
  backup: { rounds: 3, people: 1000, megabytes: 20, ways: backupMethods(rounds, 20, 1000) },
});

test("times are medians over all machines and all their restarts", () => {
  expect(figures(true).times).toEqual({ machines: 2, bootToHealthy: 70, firstStart: 25, restart: 10.5 });
});

test("the table names what stands in, sums memory up, and says whether the aim is met", () => {
  const text = hostTable(benchmarkHeader(2), figures(true));
  expect(text).toMatch(/site +8 MiB {2}STAND-IN: a small program/);
  expect(text).toMatch(/all +128 MiB {2}3 %/);
  expect(text).toContain("aim: at most 1.10: met");
  expect(hostTable(benchmarkHeader(2), figures(false))).toContain("1.200; aim: at most 1.10: missed");
});

test("a backup is held against pg_dump and a restore against pg_restore, round by round", () => {
  const [dump, backup, again, load, drill, restore] = backupMethods(rounds, 20, 1000);
  expect(dump).toMatchObject({ seconds: 1, megabytesPerSecond: 20, peoplePerSecond: 1000, ratio: 1 });
  expect(backup).toMatchObject({ seconds: 5, megabytesPerSecond: 4, peoplePerSecond: 200, ratio: 5 });
  expect(again?.ratio).toBe(3);
  expect(load).toMatchObject({ seconds: 2, ratio: 1 });
  expect(drill).toMatchObject({ seconds: 8, ratio: 3 });
  expect(restore).toMatchObject({ seconds: 50, ratio: 20 });
});

test("the table has a line for each way, with its rate and its ratio", () => {
  const text = hostTable(benchmarkHeader(2), figures(true));
  expect(text).toMatch(/release to healthy +41\.3 s\n +smoke test, no login +6\.5 s/);
  expect(text).toMatch(/restore, until it serves +50\.0 s +0\.40 +20 +20\.00/);
});
