/** Where a line about long work goes. */
export type Progress = (line: string) => void;

const startedAt = Date.now();
const HEARTBEAT_MS = 15_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Progress on stderr; every line starts with the time since the program began. */
export const stderrProgress: Progress = (line) => {
  process.stderr.write(`[${seconds(Date.now() - startedAt).padStart(8)}] ${line}\n`);
};

/** Runs `work` and tells when it begins, every 15 s that it still runs, and how long it took. */
export const step = async <T>(progress: Progress, label: string, work: () => Promise<T>): Promise<T> => {
  const begin = Date.now();
  progress(`${label} ...`);
  const heartbeat = setInterval(
    () => progress(`${label}: still running after ${seconds(Date.now() - begin)}`),
    HEARTBEAT_MS,
  );
  try {
    const result = await work();
    progress(`${label}: ${seconds(Date.now() - begin)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
};
