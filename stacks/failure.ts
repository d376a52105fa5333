import { ConfigError } from "../config/load/problems.ts";
import { containmentFindingsAsText } from "../containment/report/text.ts";
import { Failure } from "../lib/failure.ts";
import { documentFindingsAsText, findingsAsText } from "../parity/report/text.ts";
import { describePolicy } from "../policy/evaluate.ts";
import { ValidationError } from "./program.ts";

/** What an operator reads when nothing was written: never a stack trace for what a person can mend. */
export function readable(error: unknown): string {
  if (error instanceof ConfigError || error instanceof Failure)
    return `${error.message}\n\nNothing was written.`;
  if (error instanceof ValidationError) {
    const { parity, documents, policy, containment } = error.report;
    const parts = [
      ...parity.filter((r) => r.findings.length).map(findingsAsText),
      ...(documents.length ? [documentFindingsAsText(documents)] : []),
      ...(containment.findings.length ? [containmentFindingsAsText(containment.findings)] : []),
      ...(policy.length ? [describePolicy(policy)] : []),
    ];
    return `${parts.join("\n\n")}\n\nNothing was written.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
