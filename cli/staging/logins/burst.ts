import { setTimeout as sleep } from "node:timers/promises";
import type { ProgressBar } from "../../../lib/progress-bar.ts";
import { percentile } from "../../../lib/statistics.ts";
import type { Attempt } from "./attempt.ts";

export interface Burst {
  /** Logins a second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface BurstResult {
  readonly wanted: number;
  readonly in: number;
  readonly limited: number;
  readonly failed: number;
  /** Not begun, because too many were under way. */
  readonly unsent: number;
  /** From the moment a login was due to its session, in ms; undefined when nobody got in. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  /** Of those that were begun and not limited, 0 to 1. */
  readonly errorRate: number;
  /** Sessions a second, over the whole time until the last answer. */
  readonly perSecond: number;
  /** Some of what went wrong. */
  readonly reasons: readonly string[];
}

/** Beyond, the machine is so far behind that more would only measure this computer. */
const MAX_IN_FLIGHT = 500;
const REASONS = 5;

/**
 * Logs in at a rate that does not wait for answers, as people do not: a slow machine gets the same load as a fast one,
 * and the time that a login waits for its turn counts.
 */
export async function burst(
  { rate, seconds }: Burst,
  logIn: (n: number) => Promise<Attempt>,
  bar?: ProgressBar,
): Promise<BurstResult> {
  const wanted = Math.round(rate * seconds);
  const times: number[] = [];
  const reasons = new Set<string>();
  const count = { in: 0, limited: 0, failed: 0, unsent: 0 };
  const running = new Set<Promise<void>>();
  const began = performance.now();
  for (let n = 0; n < wanted; n++) {
    const due = began + (n * 1000) / rate;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    if (running.size >= MAX_IN_FLIGHT) {
      count.unsent++;
      continue;
    }
    const one: Promise<void> = logIn(n).then(({ ending, why }) => {
      count[ending]++;
      if (ending === "in") times.push(performance.now() - due);
      if (why !== undefined && reasons.size < REASONS) reasons.add(why);
      running.delete(one);
      bar?.show(times.length);
    });
    running.add(one);
  }
  await Promise.all(running);
  const took = (performance.now() - began) / 1000;
  bar?.end(times.length);
  const within = (percent: number) => (times.length ? percentile(times, percent) : undefined);
  return {
    wanted,
    ...count,
    p50: within(50),
    p95: within(95),
    p99: within(99),
    errorRate: count.failed / Math.max(count.in + count.failed, 1),
    perSecond: count.in / Math.max(took, 0.001),
    reasons: [...reasons],
  };
}
