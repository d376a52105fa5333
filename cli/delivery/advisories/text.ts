import type { AcceptedAdvisory } from "../../../config/load/accepts-schema.ts";
import { printableLine } from "../../../lib/printable.ts";
import type { AdvisoryFinding } from "./findings.ts";
import type { UncoveredPin } from "./pins.ts";

/** What came of one look at all pins. */
export interface AdvisoriesReport {
  /** Packages that were asked about. */
  readonly asked: number;
  /** What rings: not accepted, or no longer. */
  readonly findings: readonly AdvisoryFinding[];
  readonly accepted: readonly AdvisoryFinding[];
  /** Decisions that no finding is about. */
  readonly unused: readonly AcceptedAdvisory[];
  readonly uncovered: readonly UncoveredPin[];
}

const LONGEST = 160;
const short = (text: string): string => {
  const line = printableLine(text).trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
};

/** How each kind of pin moves. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^config\/images/,
    "raise its tag in config/images.ts, then ./olympus images check (docs/runbooks/images.md)",
  ],
  [/^package-lock/, "npm update, or npm ls says who brings it"],
  [/^host\/edge/, "go get in host/edge, then a new tag of the image (docs/runbooks/images.md)"],
  [/^config\/load\/provider/, 'CONTRIBUTING.md, "When a pin moves"'],
  [/^secrets/, "raise it there, and on operators' machines"],
  [/^\.github/, "pin the commit of that version, with its name beside it"],
];

const remedy = ({ pin, fixed }: AdvisoryFinding): string =>
  fixed
    ? (REMEDIES.find(([file]) => file.test(pin.file))?.[1] ?? "raise it")
    : "no version has the fix: read it, and take the pin out or accept it for a time (config/advisories.ts)";

function lines(finding: AdvisoryFinding): string[] {
  const { pin, ids, severity, fixed, summary, accepted, isOverdue } = finding;
  return [
    `  ${pin.name} ${pin.version}  (${pin.file})`,
    `    ${ids.map(printableLine).join(", ")}`,
    `    ${short(severity)}; ${fixed ? `fixed in ${short(fixed)}` : "no fixed version"}${summary ? `; ${short(summary)}` : ""}`,
    ...(accepted && isOverdue
      ? [`    accepted until ${accepted.until}, which is over: ${accepted.reason}`]
      : []),
    `    do: ${remedy(finding)}`,
  ];
}

/** A report as a person reads it. */
export function advisoriesText({ asked, findings, accepted, unused, uncovered }: AdvisoriesReport): string {
  return [
    findings.length
      ? `${findings.length} published advisories of what is pinned here:`
      : `No published advisory of what is pinned here that is not accepted (${asked} packages were asked about).`,
    ...findings.flatMap(lines),
    ...accepted.map(
      ({ pin, ids, accepted: decision }) =>
        `  accepted until ${decision?.until}: ${pin.name} ${pin.version}, ${decision?.id ?? ids[0]}: ${decision?.reason}`,
    ),
    ...unused.map(
      ({ id, pin }) =>
        `  ${id} of ${pin} is accepted and no longer there: take it out of config/advisories.ts`,
    ),
    "Not covered, so nothing is known of these:",
    ...uncovered.map(({ name, version, why }) => `  ${name} ${version}: ${why}`),
  ].join("\n");
}
