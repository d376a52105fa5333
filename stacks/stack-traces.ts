import { debugsStackTraces } from "../lib/process-env.ts";

/**
 * Runs `work` without the stack trace that cdktf takes of every construct and token, at unlimited depth: it costs a third
 * of a synth (hashicorp/terraform-cdk#3892) and only shows in metadata of errors. Errors keep their own traces.
 * OLYMPUS_STACK_TRACES=1 leaves them on.
 */
export function withoutStackTraces<T>(work: () => T): T {
  if (debugsStackTraces()) return work();
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = () => {};
  try {
    return work();
  } finally {
    Error.captureStackTrace = capture;
  }
}
