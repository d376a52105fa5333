import type { BenchmarkHeader, BenchmarkRow, Comparison } from "./result.ts";

/** The figures for people. */
export const table = (header: BenchmarkHeader, comparisons: readonly Comparison[]): string =>
  [
    `${header.runs} runs each, in turn; median. Node ${header.node}, ${header.cpu}, ${header.cores} cores, ${header.system}, load ${header.load.toFixed(1)}, ${header.date}`,
    ...comparisons.map(section),
  ].join("\n\n");

function section({ title, rows, aim, met, skipped }: Comparison): string {
  if (skipped) return `${title}\n  not measured: ${skipped}`;
  const width = Math.max(...rows.map(({ name }) => name.length));
  return [
    title,
    `  ${"".padEnd(width)}   median  fastest     peak   ratio`,
    ...rows.map((row) => line(row, width)),
    ...(aim === undefined ? [] : [`  aim: at most ${aim.toFixed(1)}x: ${met ? "met" : "missed"}`]),
  ].join("\n");
}

const line = ({ name, ms, fastestMs, peakMiB, ratio }: BenchmarkRow, width: number): string =>
  [
    `  ${name.padEnd(width)}`,
    `${ms.toFixed(0)} ms`.padStart(9),
    `${fastestMs.toFixed(0)} ms`.padStart(9),
    (peakMiB === undefined ? "-" : `${peakMiB.toFixed(0)} MiB`).padStart(9),
    `${ratio.toFixed(2)}x`.padStart(8),
  ].join("");
