import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { parsedJson } from "../../../lib/json.ts";
import type { Remote } from "../../shared/ssh.ts";
import { HIBERNATION_FOLDER } from "./machine-state.ts";

const recordSchema = z.looseObject({
  /** When Postgres had nobody to write to it any more; names the rest. */
  at: z.string(),
  release: z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{12}$/),
  contents: z.string(),
  /** The last backup; empty where none had been made. */
  snapshot: z.string(),
});
/** What a rest has laid down about the machine; bin/olympus-rest writes it. */
export type HibernationRecord = z.infer<typeof recordSchema>;

const comparisonSchema = z.object({ of: z.string(), differences: z.array(z.string()) });

/** The record of the last rest, when the volume has a whole one. */
export async function readHibernationRecord(remote: Remote): Promise<HibernationRecord | undefined> {
  const text = await read(remote, "record.json");
  if (!text) return undefined;
  const record = recordSchema.safeParse(parsedJson(text));
  if (!record.success)
    throw new Failure(`The shutdown record is not valid: ${z.prettifyError(record.error)}`);
  return record.data;
}

/** What differed when Postgres was up again and nothing else was; the start of a release compares. */
export async function recordDifferences(remote: Remote, record: HibernationRecord): Promise<string[]> {
  const found = comparisonSchema.safeParse(parsedJson(await read(remote, "comparison.json")));
  return found.success && found.data.of === record.at
    ? found.data.differences
    : [
        `the start did not compare the data with the shutdown of ${record.at}: read \`journalctl -u olympus\` there`,
      ];
}

const read = async (remote: Remote, file: string): Promise<string> =>
  (await remote.run(`cat ${HIBERNATION_FOLDER}/${file} 2>/dev/null || true`)).stdout;
