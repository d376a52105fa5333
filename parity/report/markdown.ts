import type { ParityReport } from "../experiment.ts";
import { shown } from "./shown.ts";
import { groupDifferences } from "./summary.ts";
import { verdict } from "./text.ts";

/** The report as a pull request shows it: the verdict open, the differences folded away. */
export function reportAsMarkdown(report: ParityReport): string {
  const { findings, differences, reference, mirror } = report;
  if (findings.length)
    return [
      `### Parity: ${verdict(report)}`,
      table(
        ["Path", reference, mirror, "Why"],
        findings.map((f) => [
          code(f.path),
          code(shown(f.reference, 40)),
          code(shown(f.mirror, 40)),
          f.message,
        ]),
      ),
    ].join("\n\n");
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
