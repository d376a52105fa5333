import type { ParityReport } from "../finding.ts";
import { groupDifferences } from "./summary.ts";
import { findingsAsText, verdict } from "./text.ts";

/** The report as a pull request shows it: the verdict open, the differences folded away. */
export function reportAsMarkdown(report: ParityReport): string {
  const { findings, differences, reference, mirror } = report;
  if (findings.length)
    return [`### Parity: ${verdict(report)}`, `\`\`\`text\n${findingsAsText(report)}\n\`\`\``].join("\n\n");
  const rows = groupDifferences(differences).flatMap(({ causes, rows }) =>
    rows.map((row) => [causes, code(row.where), code(row.what)]),
  );
  return [
    `### Parity: ${verdict(report)}`,
    "<details><summary>Every difference and its cause</summary>",
    table(["Cause", "Where", `${reference} -> ${mirror}`], rows),
    "</details>",
  ].join("\n\n");
}

const code = (text: string): string =>
  `\`${text.replaceAll("`", "'").replaceAll("|", "\\|").replaceAll("\n", " ")}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
