import type { ParityReport } from "../finding.ts";
import { shown } from "./shown.ts";
import { verdict } from "./text.ts";

/** The report as one page that needs nothing else: every difference, unfolded. */
export function reportAsHtml(reports: readonly ParityReport[]): string {
  const sections = reports.map((report) => `<h2>${escaped(verdict(report))}</h2>\n${table(report)}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Parity</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
code { font-size: 13px; }
.finding td { background: #fdecea; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616; } th, td { border-color: #444; } .finding td { background: #4a1f1c; } }
</style>
<h1>Parity</h1>
${sections.join("\n")}
</html>
`;
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

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
