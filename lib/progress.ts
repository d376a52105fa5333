import { keepDuration, lastDuration } from "./durations.ts";

/** Where a line about long work goes. */
export type Progress = (line: string) => void;

const startedAt = Date.now();
const FIRST_HEARTBEAT_MS = 15_000;
const LONGEST_SILENCE_MS = 120_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Seconds since the program began, for the last line of a command. */
export const secondsSinceStart = (): number => Math.round((Date.now() - startedAt) / 1000);

let isSilent = false;
/** For the rest of this process {@link stderrProgress} says nothing. */
export const silenceProgress = (): void => {
  isSilent = true;
};

/** Progress on stderr; every line starts with the time since the program began. */
export const stderrProgress: Progress = (line) => {
  if (isSilent) return;
  process.stderr.write(`[${seconds(Date.now() - startedAt).padStart(8)}] ${line}\n`);
};

/**
 * Runs `work` and tells when it begins, how long it took here the last time, that it still runs (after 15 s, then in twice the
 * time, at least every 2 min), and how long it took.
 */
export const step = async <T>(progress: Progress, label: string, work: () => Promise<T>): Promise<T> => {
  const begin = Date.now();
  const last = lastDuration(label);
  progress(`${label} ...${last === undefined ? "" : ` (last time ${seconds(last)})`}`);
  let heartbeat: NodeJS.Timeout | undefined;
  const beatAfter = (ms: number): void => {
    heartbeat = setTimeout(() => {
      const since = Date.now() - begin;
      progress(`${label}: still running after ${seconds(since)}`);
      beatAfter(Math.min(since, LONGEST_SILENCE_MS));
    }, ms);
  };
  beatAfter(FIRST_HEARTBEAT_MS);
  try {
    const result = await work();
    progress(`${label}: ${seconds(Date.now() - begin)}`);
    keepDuration(label, Date.now() - begin);
    return result;
  } finally {
    clearTimeout(heartbeat);
  }
};
