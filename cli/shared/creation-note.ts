import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parsedJson } from "../../lib/json.ts";
import { parsePlan } from "./plan/json.ts";
import { folderOf, type StackFolder } from "./terraform-process.ts";

const addresses = z.array(z.string());
const noteOf = (folder: StackFolder): string => join(folderOf(folder), "begun.json");
/** Addresses that an apply of this computer was to create and that has not ended well. */
export const begunCreations = (folder: StackFolder): readonly string[] =>
  existsSync(noteOf(folder))
    ? (addresses.safeParse(parsedJson(readFileSync(noteOf(folder), "utf8"))).data ?? [])
    : [];

/**
 * Runs an apply with a note beside it of what it creates: a Terraform that is killed does not know what a cloud has made
 * in answer to it. The note goes when the apply has ended well. `planText`: `terraform show -json` of the plan.
 */
export async function notingCreations(
  folder: StackFolder,
  planText: string,
  apply: () => Promise<void>,
): Promise<void> {
  const created = parsePlan(folder.stack, planText).resource_changes.filter(({ change }) =>
    change.actions.includes("create"),
  );
  const all = new Set([...begunCreations(folder), ...created.map(({ address }) => address)]);
  writeFileSync(noteOf(folder), JSON.stringify([...all]));
  await apply();
  rmSync(noteOf(folder), { force: true });
}
