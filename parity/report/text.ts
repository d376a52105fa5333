import type { Cause } from "../bounds.ts";
import type { DocumentFinding, ParityFinding, ParityReport } from "../finding.ts";
import { keysOf, type Leaf } from "../json.ts";
import { shownBeside } from "./shown.ts";
import { groupDifferences } from "./summary.ts";

/** Most places that are shown of one kind of finding: the first tell what is wrong, the rest are counted. */
const SHOWN = 4;

type Labelled = readonly [label: string, value: Leaf | undefined];

interface Shown {
  readonly stack: string;
  readonly path: string;
  readonly law: string;
  readonly message: string;
  readonly causes?: readonly Cause[];
  /** Each value under what it is: an environment's name, or what was expected. */
  readonly values: readonly [Labelled, Labelled];
}

/** Every broken law, by law and by the resource or file it shows in, with both values and what to do. */
export const findingsAsText = (report: ParityReport): string =>
  [verdict(report), ...grouped(report.findings.map((finding) => shownOf(finding, report)))].join("\n\n");

/** The same for what is wrong with single documents. */
export const documentFindingsAsText = (findings: readonly DocumentFinding[]): string =>
  [
    `${countOf(findings.length, "finding")} in single stacks`,
    ...grouped(
      findings.map(({ expected, found, ...finding }) => ({
        ...finding,
        values: [
          ["expected", expected],
          ["found", found],
        ],
      })),
    ),
  ].join("\n\n");

const shownOf = (f: ParityFinding, { reference, mirror }: ParityReport): Shown => ({
  ...f,
  values:
    f.law === "identity"
      ? [
          ["expected", f.reference],
          ["found", f.mirror],
        ]
      : [
          [reference, f.reference],
          [mirror, f.mirror],
        ],
});

/** One paragraph for each law, cause and stack; in it one place for each resource, unit, file or value. */
const grouped = (findings: readonly Shown[]): string[] =>
  [...groupedBy(findings, ({ law, message, stack }) => `${law} ${message} ${stack}`).values()].map(describe);

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function describe(group: readonly Shown[]): string {
  const [first] = group;
  const width = Math.max(8, ...(first?.values ?? []).map(([label]) => label.length));
  const line = (label: string, text: string) => `  ${label.padEnd(width)} ${text}`;
  const places = [...groupedBy(group, ({ path }) => stemOf(path))];
  const shown = places.slice(0, SHOWN).flatMap(([stem, [finding, ...more]]) => {
    const [[one, a], [other, b]] = finding?.values ?? [["", undefined] as const, ["", undefined] as const];
    const [left, right] = shownBeside(a, b);
    return [
      `${finding?.stack}  ${finding?.path}`,
      line(one, left),
      line(other, right),
      ...(more.length ? [`  and ${more.length} more in ${stem}`] : []),
    ];
  });
  const rest = places.slice(SHOWN).flatMap(([, found]) => found).length;
  return [
    ...shown,
    ...(rest ? [`and ${rest} more in ${countOf(places.length - SHOWN, "other place")}`] : []),
    line("law", `${first?.law}${first?.causes?.length ? `, cause ${first.causes.join(", ")}` : ""}`),
    line("why", first?.message ?? ""),
  ].join("\n");
}

/** The resource, unit, file or value that a path leads into. */
function stemOf(path: string): string {
  const keys = keysOf(path);
  const at = keys.indexOf("resource");
  return keys.slice(0, at === 0 || at === 1 ? at + 3 : 2).join(".");
}

/** `1 finding`, `2 findings`. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

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
    return `${mirror} is not a mirror of ${reference}: ${countOf(findings.length, "finding")}`;
  const sealed = secrets ? `; their ${secrets} secrets have the same keys and no value in common` : "";
  return `${mirror} mirrors ${reference}: ${differences.length} differences, each caused by a key of its overlay${sealed}`;
}
