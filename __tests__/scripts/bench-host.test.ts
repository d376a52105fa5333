import { expect, test } from "vitest";
import { type HostFigures, hostTable } from "../../scripts/bench/host/table.ts";
import { summarize } from "../../scripts/bench/host/times.ts";
import { header } from "../../scripts/bench/result.ts";

const way = { p50: 250, p95: 300, p99: 400 };
const figures = (met: boolean): HostFigures => ({
  times: summarize([
    { bootToHealthy: 60, firstStart: 20, restarts: [9, 11] },
    { bootToHealthy: 80, firstStart: 30, restarts: [10, 100] },
  ]),
  memory: [
    { service: "postgres", mib: 120, standIn: undefined },
    { service: "site", mib: 8, standIn: "a small program" },
  ],
  logins: { pairs: 3, kratos: way, caddy: way, ratio: met ? 1.05 : 1.2, met },
});

test("times are medians over all machines and all their restarts", () => {
  expect(figures(true).times).toEqual({ machines: 2, bootToHealthy: 70, firstStart: 25, restart: 10.5 });
});

test("the table names what stands in, sums memory up, and says whether the aim is met", () => {
  const text = hostTable(header(2), figures(true));
  expect(text).toMatch(/site +8 MiB {2}STAND-IN: a small program/);
  expect(text).toMatch(/all +128 MiB {2}3 %/);
  expect(text).toContain("aim: at most 1.10: met");
  expect(hostTable(header(2), figures(false))).toContain("1.200; aim: at most 1.10: missed");
});
