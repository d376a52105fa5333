import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { parsedJson } from "../../../lib/json.ts";
import { summarySchema } from "./summary.ts";

/** What became of planning one stack. */
const outcomeSchema = z.union([
  z.strictObject({
    stack: z.string(),
    failed: z.literal(true),
    /** For whoever ran the plan. In no file: an error may repeat what a pull request must not show. */
    reason: z.string().optional(),
  }),
  z.strictObject({
    stack: z.string(),
    failed: z.literal(false),
    summary: summarySchema,
    /** What the clouds hold under its names or labels and its state does not contain. */
    unknown: z
      .array(z.strictObject({ what: z.string(), remedy: z.string(), isInTheWay: z.boolean() }))
      .optional(),
  }),
]);
export type PlanOutcome = z.infer<typeof outcomeSchema>;

/** Writes an outcome for a later step to read. Holds nothing that a pull request may not show. */
export function writeOutcome(folder: string, outcome: PlanOutcome): void {
  mkdirSync(folder, { recursive: true });
  const shown = { ...outcome, reason: undefined };
  writeFileSync(join(folder, `${outcome.stack}.json`), `${JSON.stringify(shown, null, 2)}\n`);
}

/** Every outcome in a folder, by stack; none when there is no such folder. Throws a Failure that names a bad file. */
export function readOutcomes(folder: string): PlanOutcome[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => read(join(folder, file)));
}

function read(file: string): PlanOutcome {
  const outcome = outcomeSchema.safeParse(parsedJson(readFileSync(file, "utf8")));
  if (outcome.success) return outcome.data;
  throw new Failure(`${file} is not a plan summary. Write it with \`./olympus plan --out <folder>\`.`);
}
