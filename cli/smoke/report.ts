import { printableLine } from "../../lib/printable.ts";
import type { CheckResult } from "./check.ts";
import type { NetworkLocation } from "./network-location.ts";

/** Everything that a run found. */
export interface SmokeReport {
  readonly environment: string;
  readonly vantage: NetworkLocation;
  readonly startedAt: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly checks: readonly CheckResult[];
}

export function reportOf(
  environment: string,
  vantage: NetworkLocation,
  startedAt: Date,
  checks: readonly CheckResult[],
): SmokeReport {
  const count = (state: CheckResult["state"]) => checks.filter((check) => check.state === state).length;
  return {
    environment,
    vantage,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    checks: checks.map((check) => ({ ...check, detail: shortened(check.detail) })),
  };
}

const STATE_LABELS = { passed: "ok", skipped: "skip", failed: "RED" } as const;

/** A line per check; what is red stands last, where the eye is. */
export function smokeReportText(report: SmokeReport): string {
  const { environment, vantage, passed, failed, skipped, seconds } = report;
  const width = (column: "kind" | "subject") =>
    Math.max(0, ...report.checks.map((check) => check[column].length));
  const [kinds, subjects] = [width("kind"), width("subject")];
  const line = ({ state, kind, subject, detail }: CheckResult) =>
    `  ${STATE_LABELS[state].padEnd(5)} ${kind.padEnd(kinds)}  ${subject.padEnd(subjects)}  ${detail}`;
  const inState = (state: CheckResult["state"]) =>
    report.checks.filter((check) => check.state === state).map(line);
  return [
    `Smoke test of ${environment}, from ${vantage.place === "office" ? "the office" : "outside"} (${vantage.because})`,
    ...inState("passed"),
    ...inState("skipped"),
    ...inState("failed"),
    `${failed > 0 ? "RED" : "Green"}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds.toFixed(1)} s`,
  ].join("\n");
}

const LONGEST = 300;

/** What a stranger answered must not steer a terminal or flood a log. */
function shortened(text: string): string {
  const line = printableLine(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
