import { escaped, reportPage } from "../../parity/report/page.ts";
import { ENTRIES, type EntryName } from "../entries.ts";
import { rightName } from "../graph.ts";
import type { ContainmentReport } from "../theorem.ts";
import { containmentVerdict } from "./text.ts";

/** The report as one page that needs nothing else: paths into production first, then what each start reaches. */
export function containmentAsHtml(report: ContainmentReport): string {
  const path = (steps: readonly string[]) =>
    `<ol>${steps.map((step) => `<li>${escaped(step)}</li>`).join("")}</ol>`;
  const findings = report.findings.map(
    (finding) =>
      `<section class="finding"><h3>${escaped(finding.message)}</h3>${path(finding.path)}</section>`,
  );
  const accepted = report.accepted.map(
    ({ path: steps, entries }) =>
      `<section><h3>${escaped(entries.join(", "))}</h3><p>${escaped(entries.map((entry) => ENTRIES[entry as EntryName]?.wayOut ?? "").join("; "))}</p>${path(steps)}</section>`,
  );
  const closures = report.closures.map(
    ({ from, reached }) =>
      `<section><h3>${escaped(from)}</h3><ul>${reached.map(({ right }) => `<li>${escaped(rightName(right))}</li>`).join("")}</ul></section>`,
  );
  const sections = [...findings, "<h2>Accepted</h2>", ...accepted, "<h2>Who reaches what</h2>", ...closures];
  return reportPage("Containment", [`<p>${escaped(containmentVerdict(report))}</p>`, ...sections].join("\n"));
}
