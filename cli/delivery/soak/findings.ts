import type { SmokeReport } from "../../smoke/report.ts";
import type { MachineSample } from "./machine-sample.ts";

/** More than this a minute is what the alarm rings for, too (host/release: answers of 5xx). */
const FAILURES_PER_MINUTE = 1;

/**
 * What is wrong with the release that soaks, by what the machine says now and said before (undefined in the first round);
 * empty when nothing is.
 */
export function soakFindings(
  release: string,
  before: MachineSample | undefined,
  now: MachineSample,
): string[] {
  const { facts, problems } = now.status;
  if (facts.current !== release)
    return [`it serves ${facts.current ?? "nothing"}, not ${release}, which is under observation`];
  return [...problems, ...(before ? since(before, now) : [])];
}

function since(before: MachineSample, now: MachineSample): string[] {
  const restarts = (look: MachineSample, name: string): number =>
    look.status.health?.containers.find((container) => container.name === name)?.restarts ?? 0;
  const names = now.status.health?.containers.map(({ name }) => name) ?? [];
  const restarted = names.filter((name) => restarts(now, name) > restarts(before, name));
  // A count below the last one is that of a Caddy that started anew.
  const failures = now.failures >= before.failures ? now.failures - before.failures : now.failures;
  const minutes = Math.max(1, (now.at - before.at) / 60_000);
  return [
    ...restarted.map((name) => `${name} crashed and was started again`),
    ...(failures > FAILURES_PER_MINUTE * minutes
      ? [
          `${failures} 5xx responses in ${minutes.toFixed(0)} min; the limit is ${FAILURES_PER_MINUTE} a minute`,
        ]
      : []),
  ];
}

/** What a smoke test found wrong, a line each. */
export const smokeFailures = (report: SmokeReport): string[] =>
  report.checks
    .filter(({ state }) => state === "failed")
    .map(({ kind, subject, detail }) => `smoke: ${kind} ${subject}: ${detail}`);
