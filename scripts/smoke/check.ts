/** What was asked, of whom, and how it ended. */
export interface Result {
  readonly kind: string;
  /** Host or address. */
  readonly subject: string;
  readonly state: "passed" | "failed" | "skipped";
  /** What was seen; of a failure, what was expected too. */
  readonly detail: string;
  readonly ms: number;
}

export interface Check {
  readonly kind: string;
  readonly subject: string;
  /** Answers what was seen; throws {@link Skipped}, or anything else for a failure. */
  run(): Promise<string>;
}

/** Something is not as it must be; the message says what was seen and what was expected. */
export class Finding extends Error {
  override readonly name = "Finding";
}

/** The check cannot be made from here; the message says why. */
export class Skipped extends Error {
  override readonly name = "Skipped";
}

/** Throws a {@link Finding} unless the condition holds. */
export function expect(condition: boolean, finding: string): asserts condition {
  if (!condition) throw new Finding(finding);
}

/**
 * Makes every check, so many at a time, and answers in their order. A check that has not ended when `signal` aborts has
 * failed: the run as a whole is bounded, whatever the other side does.
 */
export async function runChecks(
  checks: readonly Check[],
  limit: number,
  signal: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = checks.entries();
  const worker = async (): Promise<void> => {
    for (const [index, check] of queue) results[index] = await runCheck(check, signal);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

async function runCheck(check: Check, signal: AbortSignal): Promise<Result> {
  const begin = performance.now();
  const { kind, subject } = check;
  const ended = (state: Result["state"], detail: string): Result => ({
    kind,
    subject,
    state,
    detail,
    ms: Math.round(performance.now() - begin),
  });
  if (signal.aborted) return ended("failed", "not begun: the time of the whole run was over");
  try {
    return ended("passed", await Promise.race([check.run(), aborted(signal)]));
  } catch (error) {
    if (error instanceof Skipped) return ended("skipped", error.message);
    return ended("failed", describe(error));
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const late = () => reject(new Finding("not done when the time of the whole run was over"));
    signal.addEventListener("abort", late, { once: true });
  });

/** One line for any error. Happy Eyeballs throws a bundle without a message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error && error.message ? error.message : String(error);
}
