import { arch, availableParallelism, cpus, loadavg, release, type } from "node:os";
import { median, pairedRatio } from "../lib/statistics.ts";
import type { BenchmarkSubject, Sample } from "./measure.ts";

/** Where and how the figures were taken: figures of two machines do not compare. */
export interface BenchmarkHeader {
  readonly date: string;
  readonly runs: number;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  /** Of the last minute, before the first run: above the number of cores the figures are noise. */
  readonly load: number;
}

export interface BenchmarkRow {
  readonly name: string;
  /** Median. */
  readonly ms: number;
  readonly fastestMs: number;
  /** Median of the peaks; undefined where it cannot be measured. */
  readonly peakMiB: number | undefined;
  /** Median of the quotients with the rows of the last subject of its comparison, pair by pair. */
  readonly ratio: number;
}

export interface Comparison {
  readonly title: string;
  readonly rows: readonly BenchmarkRow[];
  /** Largest ratio that the first row may have. */
  readonly aim?: number;
  readonly met?: boolean;
  /** Why there are no rows. */
  readonly skipped?: string;
}

export const benchmarkHeader = (runs: number): BenchmarkHeader => ({
  date: new Date().toISOString(),
  runs,
  node: process.version,
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: availableParallelism(),
  system: `${type()} ${release()} ${arch()}`,
  load: loadavg()[0] ?? 0,
});

/** The rows of subjects that ran in turn, held against the last of them. */
export function compare(
  title: string,
  subjects: readonly BenchmarkSubject[],
  samples: readonly (readonly Sample[])[],
  aim?: number,
): Comparison {
  const times = samples.map((own) => own.map(({ ms }) => ms));
  const against = times.at(-1) ?? [];
  const rows = subjects.map(({ name }, i): BenchmarkRow => {
    const own = times[i] ?? [];
    const peaks = (samples[i] ?? []).flatMap(({ peakMiB }) => peakMiB ?? []);
    return {
      name,
      ms: median(own),
      fastestMs: Math.min(...own),
      peakMiB: peaks.length ? median(peaks) : undefined,
      ratio: pairedRatio(own, against),
    };
  });
  return { title, rows, ...(aim !== undefined && { aim, met: (rows[0]?.ratio ?? Number.NaN) <= aim }) };
}
