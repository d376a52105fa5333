import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const FOLDER = ".github/workflows";

/** Names of all workflows' files. */
export const WORKFLOW_FILES = readdirSync(FOLDER);

const scalars = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
export const stepSchema = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: scalars.optional(),
  env: scalars.optional(),
  "continue-on-error": z.boolean().optional(),
});
/** `queue: max` keeps what waits, in order; by default GitHub drops it for the next one. actionlint does not know it yet. */
const concurrency = z.strictObject({
  group: z.string(),
  "cancel-in-progress": z.boolean(),
  queue: z.enum(["single", "max"]).optional(),
});
const workflowSchema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency,
  env: scalars.optional(),
  jobs: z.record(
    z.string(),
    z.looseObject({
      "timeout-minutes": z.int().max(120),
      needs: z.string().optional(),
      environment: z.string().optional(),
      outputs: z.record(z.string(), z.string()).optional(),
      permissions: permissions.optional(),
      concurrency: concurrency.optional(),
      env: scalars.optional(),
      steps: z.array(stepSchema),
    }),
  ),
});

export const workflowText = (file: string): string => readFileSync(join(FOLDER, file), "utf8");

/** A workflow as far as tests look at it; throws for what they do not know. */
export const readWorkflow = (file: string) => workflowSchema.parse(parse(workflowText(file)));

/** Actions by commit, as they are written, with the version beside them. */
export const usesOf = (text: string): string[] =>
  [...text.matchAll(/^\s*-? *uses: *(.*)$/gm)].map((match) => match[1] ?? "");
