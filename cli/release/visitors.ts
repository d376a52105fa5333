import { METRICS } from "../../host/machine-layout.ts";

/** What visitors met while a machine started or released, as its Caddy counted it. */
export interface Visitors {
  readonly answers: number;
  /** Answers with a status of 500 or more. */
  readonly failed: number;
  /** Answers that took longer than five seconds. */
  readonly slow: number;
  /** Seconds in which whoever asked for what was being replaced waited. */
  readonly heldSeconds: number;
}

/** Counters since the machine booted, written by bin/olympus-visitors-lib at the end of each start; nothing before the first. */
export const READ_VISITORS = `cat ${METRICS}/visitors.prom 2>/dev/null || true`;

const FIGURES = {
  answers: 'olympus_start_answers_total{kind="all"}',
  failed: 'olympus_start_answers_total{kind="failed"}',
  slow: 'olympus_start_answers_total{kind="slow"}',
  heldSeconds: "olympus_start_held_seconds_total",
} as const;

/** What came between two answers to {@link READ_VISITORS}; undefined where the release that serves does not count. */
export function visitorsBetween(before: string, after: string): Visitors | undefined {
  if (!after.includes(FIGURES.answers)) return undefined;
  const since = (name: string): number => Math.max(0, figure(after, name) - figure(before, name));
  return {
    answers: since(FIGURES.answers),
    failed: since(FIGURES.failed),
    slow: since(FIGURES.slow),
    heldSeconds: since(FIGURES.heldSeconds),
  };
}

const figure = (text: string, name: string): number => {
  const line = text.split("\n").find((one) => one.startsWith(`${name} `));
  const value = Number(line?.slice(name.length + 1));
  return Number.isFinite(value) ? value : 0;
};

export const visitorsText = ({ answers, failed, slow, heldSeconds }: Visitors): string =>
  `Visitors got ${answers} answers meanwhile: ${failed} errors (5xx), ${slow} after more than 5 s; who asked for what was replaced waited ${heldSeconds.toFixed(1)} s.`;
