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
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Containment</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b; background: #fff; }
section { border-bottom: 1px solid #ccc; }
.finding { background: #fdecea; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #161616; } .finding { background: #4a1f1c; } }
</style>
<h1>Containment</h1>
<p>${escaped(containmentVerdict(report))}</p>
${[...findings, "<h2>Accepted</h2>", ...accepted, "<h2>Who reaches what</h2>", ...closures].join("\n")}
</html>
`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
