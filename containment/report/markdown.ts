import type { ContainmentReport } from "../theorem.ts";
import { acceptedAsText, containmentFindingsAsText, containmentVerdict } from "./text.ts";

/** The report as a pull request shows it: the verdict, and what stands behind it folded. */
export function containmentAsMarkdown(report: ContainmentReport): string {
  const { findings, accepted } = report;
  const texts = [
    ...(findings.length ? [containmentFindingsAsText(findings)] : []),
    ...(accepted.length ? [acceptedAsText(accepted)] : []),
  ];
  // A fence that no text of ours can end: names come from files of a pull request.
  const fenced = texts.map((text) => `~~~~text\n${text.replaceAll("~~~~", "")}\n~~~~`);
  const body = fenced.join("\n\n");
  return [
    `### Containment: ${containmentVerdict(report)}`,
    ...(findings.length || !body
      ? [body]
      : [`<details><summary>What is accepted</summary>\n\n${body}\n\n</details>`]),
  ]
    .filter(Boolean)
    .join("\n\n");
}
