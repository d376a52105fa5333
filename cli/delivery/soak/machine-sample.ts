import type { Environment } from "../../../config/load/environment.ts";
import { imageReference } from "../../../host/images.ts";
import { Failure } from "../../../lib/failure.ts";
import { parseStatus, STATUS, type Status } from "../../release/machine-status.ts";
import { connectToMachine, type TargetOptions } from "../../shared/target.ts";

/** What a machine said of itself at one moment. */
export interface MachineSample {
  readonly status: Status;
  /** Answers with a status of 500 or more since Caddy started. */
  readonly failures: number;
  /** Milliseconds. */
  readonly at: number;
}

const MARK = "--- olympus soak";
/** Caddy's own count; the machine alone can read it. Silence is a fault, so no `|| true`. */
const METRICS = `echo "${MARK}"\ncurl -sf -m 10 http://127.0.0.1:2020/metrics`;

/** Reads status and count of an environment's machine over ssh. Throws a {@link Failure} when it cannot be asked. */
export async function sampleMachine(
  { name, images }: Environment,
  options: TargetOptions,
): Promise<MachineSample> {
  const remote = await connectToMachine(name, options);
  try {
    const { exitCode, stdout, stderr } = await remote.run(`${STATUS}\n${METRICS}`);
    if (exitCode !== 0)
      throw new Failure(`The machine cannot be inspected: ${stderr.trim() || "Caddy does not answer"}`);
    const [status = "", metrics = ""] = stdout.split(`${MARK}\n`);
    return {
      status: parseStatus(status, Object.values(images).map(imageReference)),
      failures: failuresIn(metrics),
      at: Date.now(),
    };
  } finally {
    await remote.close();
  }
}

/** Sum of `caddy_http_request_duration_seconds_count` over codes 5xx; each request passes one subroute. */
export function failuresIn(metrics: string): number {
  const lines = metrics.matchAll(/^caddy_http_request_duration_seconds_count\{([^}]*)\} (\d+)$/gm);
  return [...lines]
    .filter(([, labels = ""]) => labels.includes('handler="subroute"') && /code="5\d\d"/.test(labels))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}
