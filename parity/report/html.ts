import type { ParityReport } from "../finding.ts";
import { escaped, reportPage } from "./page.ts";
import { shown } from "./shown.ts";
import { verdict } from "./text.ts";

/** The report as one page that needs nothing else: every difference, unfolded. */
export function reportAsHtml(reports: readonly ParityReport[]): string {
  const sections = reports.map((report) => `<h2>${escaped(verdict(report))}</h2>\n${table(report)}`);
  return reportPage("Parity", sections.join("\n"));
}

function table({ differences, findings, reference, mirror }: ParityReport): string {
  const row = (cells: readonly string[], kind: string) =>
    `<tr${kind}>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  const code = (text: string) => `<code>${escaped(text)}</code>`;
  const head = ["Cause", "Path", reference, mirror].map((text) => `<th>${escaped(text)}</th>`).join("");
  const rows = [
    ...findings.map((f) =>
      row(
        [escaped(f.message), code(f.path), code(shown(f.reference, 400)), code(shown(f.mirror, 400))],
        ' class="finding"',
      ),
    ),
    ...differences.map((d) =>
      row(
        [
          escaped(d.causes.join(" and ")),
          code(d.path),
          code(shown(d.reference, 400)),
          code(shown(d.mirror, 400)),
        ],
        "",
      ),
    ),
  ];
  return `<table>\n<tr>${head}</tr>\n${rows.join("\n")}\n</table>`;
}
