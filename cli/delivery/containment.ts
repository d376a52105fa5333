import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { containmentAsHtml } from "../../containment/report/html.ts";
import { containmentAsMarkdown } from "../../containment/report/markdown.ts";
import { servicesAsText } from "../../containment/report/services.ts";
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
  const { containment: report, services } = await inspectFleet();
  if (html) writeFileSync(resolve(callerDirectory(), html), containmentAsHtml(report));
  if (json) console.log(JSON.stringify({ ...report, services }, null, 2));
  else
    console.log(
      markdown
        ? containmentAsMarkdown(report)
        : [containmentAsText(report), servicesAsText(services)].join("\n\n"),
    );
  process.exitCode = report.findings.length ? 1 : 0;
}
