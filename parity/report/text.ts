import type { ParityFinding, ParityReport } from "../experiment.ts";
import { shown } from "./shown.ts";
import { groupDifferences } from "./summary.ts";

/** Every broken law, with stack, path, both values and what to do. */
export function findingsAsText(report: ParityReport): string {
  const { findings, reference, mirror } = report;
  return [verdict(report), ...findings.map((finding) => describe(finding, reference, mirror))].join("\n\n");
}

const describe = (f: ParityFinding, reference: string, mirror: string): string =>
  [
    `${f.stack}  ${f.path}`,
    `  ${reference.padEnd(8)} ${shown(f.reference)}`,
    `  ${mirror.padEnd(8)} ${shown(f.mirror)}`,
    `  law      ${f.law}${f.causes.length ? `, cause ${f.causes.join(", ")}` : ""}`,
    `  why      ${f.message}`,
  ].join("\n");

/** The whole report as a terminal shows it: a line for each pair of values, under the keys that cause it. */
export function reportAsText(report: ParityReport): string {
  if (report.findings.length) return findingsAsText(report);
  const groups = groupDifferences(report.differences).map(({ causes, rows }) =>
    [causes, ...rows.map((row) => `  ${row.where}\n    ${row.what}`)].join("\n"),
  );
  return [verdict(report), ...groups].join("\n\n");
}

/** One sentence: whether the mirror is one. */
export function verdict({ mirror, reference, differences, findings, secrets }: ParityReport): string {
  if (findings.length)
    return `${mirror} is not a mirror of ${reference}: ${findings.length} ${findings.length === 1 ? "finding" : "findings"}`;
  const sealed = secrets ? `; their ${secrets} secrets have the same keys and no value in common` : "";
  return `${mirror} mirrors ${reference}: ${differences.length} differences, each caused by a key of its overlay${sealed}`;
}
