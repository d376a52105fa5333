// Own, not tf-summarize, tfcmt or tfplan2md: none of them tells by attribute what changed outside Terraform, hides what a
// variable's value is part of, or knows whose replacement loses data.
import { z } from "zod";
import { pathWith } from "../../../lib/text.ts";
import { type AttributeDifference, attributeDifferences, UNKNOWN } from "./attributes.ts";
import { type PlannedResource, parsePlan, type TerraformPlan } from "./json.ts";
import { RISK_ACTIONS, RISK_KINDS, risksOf } from "./risk.ts";

const ACTIONS = ["create", "update", "replace", "destroy", "forget", "import", "move"] as const;
const text = z.string();

const attributeSchema = z.strictObject({
  path: text,
  before: text,
  after: text,
  /** Somebody or something other than Terraform changed it. */
  outside: z.boolean(),
  forcesReplacement: z.boolean(),
});
const changeSchema = z.strictObject({
  address: text,
  action: z.enum(ACTIONS),
  /** Its creation makes up for a deletion that Terraform did not do. */
  outside: z.boolean(),
  attributes: z.array(attributeSchema),
});

/** What a plan would do to one stack, without a value that is marked sensitive or was given as a variable. */
export const summarySchema = z.strictObject({
  stack: text,
  /** Nothing is in the state: a first deploy, or a state that this machine does not see. */
  isFirst: z.boolean(),
  changes: z.array(changeSchema),
  outputs: z.array(z.strictObject({ name: text, action: z.enum(["create", "update", "destroy"]) })),
  stateful: z.array(
    z.strictObject({
      address: text,
      action: z.enum(RISK_ACTIONS),
      kind: z.enum(RISK_KINDS),
      meaning: text,
    }),
  ),
});
export type PlanSummary = z.infer<typeof summarySchema>;
export type ResourceChange = z.infer<typeof changeSchema>;

/** Summarises the text of `terraform show -json <plan>`. Pure. Throws a readable Failure when it is no plan. */
export function summarise(stack: string, planText: string): PlanSummary {
  const plan = parsePlan(stack, planText);
  return {
    stack,
    // Not whether there are values: Terraform puts the outputs that it knows there before anything is made.
    isFirst: !knownResources(plan).length,
    changes: plan.resource_changes.flatMap((resource) => changeOf(resource, plan)),
    outputs: Object.entries(plan.output_changes).flatMap(([name, { actions }]) => {
      const action = actionOf(actions);
      return action === "create" || action === "update" || action === "destroy" ? [{ name, action }] : [];
    }),
    stateful: plan.resource_changes.flatMap((resource) => risksOf(resource, isGone(resource.address, plan))),
  };
}

/** What is in the state, as the plan's refresh found it. */
export const knownResources = ({ prior_state }: TerraformPlan) =>
  prior_state?.values?.root_module.resources ?? [];

/** Whether applying the plan would do anything. */
export const hasChanges = ({ changes, outputs }: PlanSummary): boolean => changes.length + outputs.length > 0;

function changeOf(resource: PlannedResource, plan: TerraformPlan): ResourceChange[] {
  const action = actionOf(resource.change.actions) ?? quietAction(resource);
  if (!action) return [];
  const { address } = resource;
  const drift = plan.resource_drift.find((drifted) => drifted.address === address);
  const attributes = action === "update" || action === "replace" ? attributesOf(resource, drift, plan) : [];
  return [{ address, action, outside: action === "create" && isGone(address, plan), attributes }];
}

/** Whether the refresh found that somebody has deleted it. */
const isGone = (address: string, { resource_drift }: TerraformPlan): boolean =>
  resource_drift.some((drifted) => drifted.address === address && drifted.change.actions.includes("delete"));

function actionOf(actions: readonly string[]): (typeof ACTIONS)[number] | undefined {
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "destroy";
  return (["create", "update", "forget"] as const).find((action) => actions.includes(action));
}

const quietAction = ({
  address,
  previous_address,
  change,
}: PlannedResource): "import" | "move" | undefined => {
  if (change.importing) return "import";
  return previous_address !== undefined && previous_address !== address ? "move" : undefined;
};

function attributesOf(
  { address, change }: PlannedResource,
  drift: PlannedResource | undefined,
  plan: TerraformPlan,
): ResourceChange["attributes"] {
  const secrets = Object.values(plan.variables)
    .map(({ value }) => value)
    .filter((value) => typeof value === "string")
    .filter((value) => value.length >= 8);
  const drifted = drift ? attributeDifferences(drift.change, secrets) : [];
  const forcing = (change.replace_paths ?? []).map((path) => path.reduce<string>(pathWith, ""));
  const isDeclared = declaredBy(address, plan);
  return attributeDifferences(change, secrets)
    .filter((difference) => difference.after !== UNKNOWN || isDeclared(difference))
    .map((difference) => ({
      ...difference,
      outside: drifted.some(({ path }) => overlaps(path, difference.path)),
      forcesReplacement: forcing.some((path) => overlaps(path, difference.path)),
    }));
}

/** What the provider computes anew at every change is noise; what the configuration sets is not. */
function declaredBy(address: string, plan: TerraformPlan): (difference: AttributeDifference) => boolean {
  const plain = address.replace(/\[[^\]]*\]$/, "");
  const declared = plan.configuration.root_module.resources.find((resource) => resource.address === plain);
  return ({ path }) => !declared || Object.hasOwn(declared.expressions, path.split(/[.[]/)[0] ?? "");
}

/** Whether one path is the other or leads to it. */
const overlaps = (a: string, b: string): boolean => {
  const [short = "", long = ""] = [a, b].sort((x, y) => x.length - y.length);
  return long === short || (long.startsWith(short) && /[.[]/.test(long[short.length] ?? ""));
};
