import type { Cause } from "../bounds.ts";
import type { DocumentFinding, ParityFinding, ParityReport } from "../finding.ts";
import { keysOf, type Leaf } from "../json.ts";
import { shownBeside } from "./shown.ts";
import { groupDifferences } from "./summary.ts";

/** Most findings of one kind, and most kinds, that are shown: the first tell what is wrong, the rest are counted. */
const SHOWN = 3;
const SHOWN_GROUPS = 20;

interface Shown {
  readonly stack: string;
  readonly path: string;
  readonly law: string;
  readonly message: string;
  readonly causes?: readonly Cause[];
  /** Each value under what it is: an environment's name, or what was expected. */
  readonly values: readonly (readonly [label: string, value: Leaf | undefined])[];
}

/** Every broken law, by law and by the resource or file it shows in, with both values and what to do. */
export const findingsAsText = (report: ParityReport): string =>
  [verdict(report), ...grouped(report.findings.map((finding) => shownOf(finding, report)))].join("\n\n");

/** The same for what is wrong with single documents. */
export const documentFindingsAsText = (findings: readonly DocumentFinding[]): string =>
  [
    `${counted(findings.length, "finding")} in single stacks`,
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

function grouped(findings: readonly Shown[]): string[] {
  const groups = new Map<string, Shown[]>();
  for (const finding of findings) {
    const key = [finding.law, finding.message, finding.stack, stemOf(finding.path)].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const all = [...groups.values()];
  const rest = all.slice(SHOWN_GROUPS).flat().length;
  return [
    ...all.slice(0, SHOWN_GROUPS).map(describe),
    ...(rest ? [`and ${counted(rest, "finding")} more elsewhere`] : []),
  ];
}

function describe(group: readonly Shown[]): string {
  const [first] = group;
  const width = Math.max(8, ...(first?.values ?? []).map(([label]) => label.length));
  const lines = group.slice(0, SHOWN).flatMap(({ stack, path, values: [one, other] }) => {
    const [a, b] = shownBeside(one?.[1], other?.[1]);
    return [
      `${stack}  ${path}`,
      `  ${(one?.[0] ?? "").padEnd(width)} ${a}`,
      `  ${(other?.[0] ?? "").padEnd(width)} ${b}`,
    ];
  });
  const rest = group.length - SHOWN;
  return [
    ...lines,
    ...(rest > 0 ? [`  and ${rest} more below ${stemOf(first?.path ?? "")}`] : []),
    `  ${"law".padEnd(width)} ${first?.law}${first?.causes?.length ? `, cause ${first.causes.join(", ")}` : ""}`,
    `  ${"why".padEnd(width)} ${first?.message}`,
  ].join("\n");
}

/** The resource, unit, file or value that a path leads into. */
function stemOf(path: string): string {
  const keys = keysOf(path);
  return keys.slice(0, keys[1] === "resource" ? 4 : 2).join(".");
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

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
    return `${mirror} is not a mirror of ${reference}: ${counted(findings.length, "finding")}`;
  const sealed = secrets ? `; their ${secrets} secrets have the same keys and no value in common` : "";
  return `${mirror} mirrors ${reference}: ${differences.length} differences, each caused by a key of its overlay${sealed}`;
}
