import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { parsedJson } from "../../../lib/json.ts";

const change = z.object({
  actions: z.array(z.enum(["no-op", "create", "read", "update", "delete", "forget"])).min(1),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  /** Shaped as the value, `true` where it is known only after the apply. */
  after_unknown: z.unknown().optional(),
  /** Shaped as the value, `true` where it must not be shown. */
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.unknown().optional(),
});
const resourceChange = z.object({
  address: z.string().min(1),
  previous_address: z.string().optional(),
  type: z.string().min(1),
  change,
});

const knownResource = z.object({
  address: z.string(),
  type: z.string(),
  values: z.record(z.string(), z.unknown()).nullish(),
});

/** What is read of `terraform show -json <plan>` (developer.hashicorp.com/terraform/internals/json-format). */
const planSchema = z.object({
  format_version: z.string().regex(/^1\.\d+$/, "only format 1.x is known: update this program"),
  errored: z.literal(false, "the plan is incomplete: fix its error first").optional(),
  variables: z.record(z.string(), z.object({ value: z.unknown().optional() })).default({}),
  resource_changes: z.array(resourceChange).default([]),
  /** What the refresh found other than the state remembers; most of it is of no consequence. */
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  prior_state: z
    .object({
      values: z
        .object({ root_module: z.object({ resources: z.array(knownResource).default([]) }).prefault({}) })
        .optional(),
    })
    .optional(),
  configuration: z
    .object({
      root_module: z
        .object({
          resources: z
            .array(
              z.object({ address: z.string(), expressions: z.record(z.string(), z.unknown()).default({}) }),
            )
            .default([]),
        })
        .prefault({}),
    })
    .prefault({}),
});
export type TerraformPlan = z.infer<typeof planSchema>;
export type PlannedChange = z.infer<typeof change>;
export type PlannedResource = z.infer<typeof resourceChange>;

/** Parses a plan. Throws a {@link Failure} that says what is no plan in it; no value is repeated. */
export function parsePlan(stack: string, text: string): TerraformPlan {
  const result = planSchema.safeParse(parsed(stack, text));
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `  ${path.join(".") || "(all)"}: ${message}`,
  );
  throw new Failure([`The plan of ${stack} cannot be read:`, ...problems.slice(0, 10)].join("\n"));
}

function parsed(stack: string, text: string): unknown {
  const plan = parsedJson(text);
  if (plan === undefined)
    throw new Failure(
      `The plan of ${stack} cannot be read: it is not JSON. Is this \`terraform show -json\`?`,
    );
  return plan;
}
