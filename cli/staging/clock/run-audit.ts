import type { WorkflowRun } from "./runs.ts";
import type { ScheduledRun } from "./scheduled-runs.ts";

export interface AuditEntry extends ScheduledRun {
  /** missed: nothing was started. late: started, and not at its end after 90 minutes. */
  readonly is: "done" | "going" | "missed" | "late" | "failed";
  readonly url?: string | undefined;
}

const STARTED_WITHIN_MS = 20 * 60_000;
/** Behind a release and its soak a command may wait for more than an hour. */
const DONE_WITHIN_MS = 90 * 60_000;

/** What became of every firing. A later run of the same command that succeeded mends what went before. */
export function auditRuns(
  due: readonly ScheduledRun[],
  runs: readonly WorkflowRun[],
  now: Date,
): AuditEntry[] {
  return due.flatMap((firing): AuditEntry[] => {
    const age = now.getTime() - firing.at.getTime();
    const since = runs.filter(({ command, created }) => command === firing.command && created >= firing.at);
    const [latest] = since;
    const done = since.find(({ is }) => is === "done");
    if (done) return [{ ...firing, is: "done", url: done.url }];
    if (!latest) return age < STARTED_WITHIN_MS ? [] : [{ ...firing, is: "missed" }];
    if (since.every(({ is }) => is === "failed")) return [{ ...firing, is: "failed", url: latest.url }];
    return [{ ...firing, is: age < DONE_WITHIN_MS ? "going" : "late", url: latest.url }];
  });
}

export const needsAttention = ({ is }: AuditEntry): boolean =>
  is === "missed" || is === "late" || is === "failed";

/** A line for each firing, what is wrong with `!`, then what comes. Times are UTC, as GitHub's and Cloudflare's are. */
export function auditText(
  environment: string,
  entries: readonly AuditEntry[],
  coming: readonly ScheduledRun[],
): string {
  const line = ({ at, command }: ScheduledRun, is: string, url = ""): string =>
    `${at.toISOString().slice(0, 16)}Z  ${command.padEnd(7)}  ${is.padEnd(6)}  ${url}`.trimEnd();
  return [
    `The clock of ${environment}:`,
    ...entries.map((entry) => `${needsAttention(entry) ? "!" : " "} ${line(entry, entry.is, entry.url)}`),
    ...coming.map((firing) => `  ${line(firing, "comes")}`),
  ].join("\n");
}
