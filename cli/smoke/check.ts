import pMap from "p-map";

/** What was asked, of whom, and how it ended. */
export interface CheckResult {
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
  /** Answers what was seen; throws {@link SkippedCheck}, or anything else for a failure. */
  run(): Promise<string>;
}

/** Something is not as it must be; the message says what was seen and what was expected. */
export class SmokeFailure extends Error {
  override readonly name = "Finding";
}

/** The check cannot be made from here; the message says why. */
export class SkippedCheck extends Error {
  override readonly name = "Skipped";
}

/** Throws a {@link SmokeFailure} unless the condition holds. */
export function expect(condition: boolean, finding: string): asserts condition {
  if (!condition) throw new SmokeFailure(finding);
}

/**
 * Makes every check, so many at a time, and answers in their order. A check that has not ended when `signal` aborts has
 * failed: the run as a whole is bounded, whatever the other side does.
 */
export function runChecks(
  checks: readonly Check[],
  limit: number,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const over = ended(signal);
  return pMap(checks, (check) => runCheck(signal.aborted ? notBegun(check) : check, over), {
    concurrency: limit,
  });
}

async function runCheck({ kind, subject, run }: Check, over: Promise<never>): Promise<CheckResult> {
  const begin = performance.now();
  const [state, detail] = await Promise.race([run(), over]).then(
    (seen) => ["passed", seen] as const,
    (error: unknown) => [error instanceof SkippedCheck ? "skipped" : "failed", describe(error)] as const,
  );
  return { kind, subject, state, detail, ms: Math.round(performance.now() - begin) };
}

const notBegun = (check: Check): Check => ({
  ...check,
  run: () => Promise.reject(new SmokeFailure("not started before the timeout of the run")),
});

function ended(signal: AbortSignal): Promise<never> {
  const over = new Promise<never>((_, reject) => {
    const late = () => reject(new SmokeFailure("not finished before the timeout of the run"));
    signal.addEventListener("abort", late, { once: true });
  });
  // Without a check to race against, nobody listens.
  over.catch(() => undefined);
  return over;
}

/** One line for any error. Happy Eyeballs throws a bundle without a message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error && error.message ? error.message : String(error);
}
