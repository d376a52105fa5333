/** The middle of the figures; the mean of the two middle ones when their count is even. Throws on none. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  const high = sorted[Math.floor(sorted.length / 2)];
  if (low === undefined || high === undefined) throw new Error("the median of an empty list");
  return (low + high) / 2;
}

/** Median of the quotients of pairs taken side by side: what slows both halves of a pair down does not show. */
export const pairedRatio = (figures: readonly number[], against: readonly number[]): number =>
  median(figures.map((figure, i) => figure / (against[i] ?? Number.NaN)));

/** The smallest figure that so many percent of the figures do not exceed. Throws on none. */
export function percentile(figures: readonly number[], percent: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const figure = sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
  if (figure === undefined) throw new Error("a percentile of an empty list");
  return figure;
}
