import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { containmentAsHtml } from "../../containment/report/html.ts";
import { containmentAsMarkdown } from "../../containment/report/markdown.ts";
import { containmentAsText } from "../../containment/report/text.ts";
import { callerDirectory } from "../../lib/process-env.ts";
import { inspectFleet } from "../shared/inspection.ts";

export interface ContainmentOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** File to write a page to. */
  readonly html?: string;
}

/** Prints what whoever holds an environment, a pull request or a Worker reaches. Exits 1 where that opens production. */
export async function containment({ json, markdown, html }: ContainmentOptions): Promise<void> {
  const { containment: report } = await inspectFleet();
  if (html) writeFileSync(resolve(callerDirectory(), html), containmentAsHtml(report));
  const text = markdown ? containmentAsMarkdown : containmentAsText;
  console.log(json ? JSON.stringify(report, null, 2) : text(report));
  process.exitCode = report.findings.length ? 1 : 0;
}
