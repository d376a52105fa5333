import { hasChanges, type PlanSummary, type ResourceChange } from "./summary.ts";

const SIGNS: Readonly<Record<ResourceChange["action"], string>> = {
  create: "+",
  update: "~",
  replace: "-/+",
  destroy: "-",
  forget: "?",
  import: "<",
  move: ">",
};

/** One line: what the plan of a stack comes to. */
export function headline(summary: PlanSummary): string {
  const { stack, changes, outputs } = summary;
  if (!hasChanges(summary)) return `${stack}: no changes`;
  const counts = Object.keys(SIGNS).flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count ? [`${count} to ${action}`] : [];
  });
  const outside = changes.filter(isOutside).length;
  return [
    `${stack}: ${[...counts, ...(outputs.length ? [`${outputs.length} outputs`] : [])].join(", ")}`,
    ...(outside ? [`${outside} of them changed outside Terraform`] : []),
  ].join("; ");
}

export const FIRST =
  "Nothing is in the state: this is a first deploy, or a state that this machine does not see (config/base.ts, state).";

/** Everything that a plan does, for a terminal; Markdown shows the same lines. */
export const planAsText = (summary: PlanSummary): string =>
  [headline(summary), ...(summary.isFirst ? [FIRST] : []), ...risks(summary), ...planLines(summary)].join(
    "\n",
  );

const risks = ({ stateful }: PlanSummary): string[] =>
  stateful.map(({ address, action, kind, meaning }) => `! ${kind}: ${action} ${address}. ${meaning}`);

/** A line for each resource, its attributes below it, then the outputs. */
export const planLines = ({ changes, outputs }: PlanSummary): string[] => [
  ...changes.flatMap((change) => [
    `${SIGNS[change.action].padStart(5)} ${change.address}${change.outside ? "  (gone outside Terraform)" : ""}`,
    ...change.attributes.map(attributeLine),
  ]),
  ...outputs.map(({ name, action }) => `${SIGNS[action].padStart(5)} output ${name}`),
];

function attributeLine({
  path,
  before,
  after,
  outside,
  forcesReplacement,
}: ResourceChange["attributes"][number]) {
  const notes = [
    ...(outside ? ["changed outside Terraform"] : []),
    ...(forcesReplacement ? ["forces replacement"] : []),
  ];
  return `          ${path}: ${before} -> ${after}${notes.length ? `  (${notes.join(", ")})` : ""}`;
}

const isOutside = (change: ResourceChange): boolean =>
  change.outside || change.attributes.some(({ outside }) => outside);
