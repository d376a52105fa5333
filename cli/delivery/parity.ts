import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerDirectory } from "../../lib/process-env.ts";
import { reportAsHtml } from "../../parity/report/html.ts";
import { reportAsMarkdown } from "../../parity/report/markdown.ts";
import { documentFindingsAsText, reportAsText } from "../../parity/report/text.ts";
import { describePolicy } from "../../policy/evaluate.ts";
import { type Inspection, inspectFleet } from "../shared/inspection.ts";

export interface ParityOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** File to write a page to. */
  readonly html?: string;
}

/** Prints why every mirror differs from the reference. Exits 1 when a difference has no cause or a rule is broken. */
export async function parity(options: ParityOptions): Promise<void> {
  const inspection = await inspectFleet();
  if (options.html) writeFileSync(resolve(callerDirectory(), options.html), reportAsHtml(inspection.parity));
  console.log(rendered(inspection, options));
  const { parity, documents, policy } = inspection;
  const sound = !policy.length && !documents.length && parity.every(({ findings }) => !findings.length);
  process.exitCode = sound ? 0 : 1;
}

function rendered({ parity, documents, policy }: Inspection, { json, markdown }: ParityOptions): string {
  if (json) return JSON.stringify({ parity, documents, policy }, null, 2);
  const rules = [
    ...(documents.length ? [documentFindingsAsText(documents)] : []),
    ...(policy.length ? [describePolicy(policy)] : []),
  ];
  if (markdown)
    return [...parity.map(reportAsMarkdown), ...rules.map((text) => `\`\`\`\n${text}\n\`\`\``)].join("\n\n");
  return [...parity.map(reportAsText), ...rules].join("\n\n");
}
