import { countOf } from "../../parity/report/text.ts";
import { ENTRIES, type EntryName } from "../entries.ts";
import { rightName } from "../graph.ts";
import { PRESUPPOSED } from "../presupposed.ts";
import type { AcceptedPath, ContainmentFinding, ContainmentReport } from "../theorem.ts";

/** One line: whether anything opens production. */
export function containmentVerdict({ findings, accepted }: ContainmentReport): string {
  if (findings.length) return `${countOf(findings.length, "finding")}: something opens what it may not`;
  return accepted.length
    ? `nothing opens production but ${countOf(accepted.length, "path")} accepted knowingly`
    : "nothing opens production";
}

/** Every finding with its path, and what to do. */
export const containmentFindingsAsText = (findings: readonly ContainmentFinding[]): string =>
  [
    `${countOf(findings.length, "finding")} of containment`,
    ...findings.map(({ law, path, message }) => `${law}: ${message}\n  ${path.join("\n    -> ")}`),
  ].join("\n\n");

/** What is accepted knowingly, a paragraph for each entry: what it is, how many paths, the shortest of them, and the way out. */
export const acceptedAsText = (accepted: readonly AcceptedPath[]): string =>
  [...byEntry(accepted)]
    .map(([entry, paths]) => {
      const { what, wayOut } = ENTRIES[entry as EntryName];
      const shortest = [...paths].sort((a, b) => a.path.length - b.path.length)[0];
      return [
        `accepted: ${entry} (${countOf(paths.length, "path")}). ${what}`,
        `  ${shortest?.path.join(" -> ")}`,
        `  the way out: ${wayOut}`,
      ].join("\n");
    })
    .join("\n\n");

/** All of it: what each start reaches, what is accepted, what is found, what is presupposed. */
export function containmentAsText(report: ContainmentReport): string {
  return [
    containmentVerdict(report),
    ...report.closures.map(({ from, reached }) =>
      [
        `Who holds ${from} reaches`,
        ...(reached.length ? reached.map(({ right }) => `  ${rightName(right)}`) : ["  nothing"]),
      ].join("\n"),
    ),
    ...(report.accepted.length ? [acceptedAsText(report.accepted)] : []),
    ...(report.expiring.length ? [`To be decided again within 30 days: ${report.expiring.join(", ")}`] : []),
    ...(report.unused.length
      ? [
          `Accepted, and no path needs it: ${report.unused.join(", ")}. Take it out of accepts in config/base.ts`,
        ]
      : []),
    ...(report.findings.length ? [containmentFindingsAsText(report.findings)] : []),
    [
      "Presupposed, since it stands in GitHub's settings and in no file:",
      ...PRESUPPOSED.map((line) => `  ${line}`),
    ].join("\n"),
  ].join("\n\n");
}

const byEntry = (accepted: readonly AcceptedPath[]): Map<string, AcceptedPath[]> => {
  const groups = new Map<string, AcceptedPath[]>();
  for (const path of accepted)
    for (const entry of path.entries) groups.set(entry, [...(groups.get(entry) ?? []), path]);
  return groups;
};
