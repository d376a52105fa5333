import { Failure } from "../../../lib/failure.ts";
import { databaseSchemaOf } from "../../staging/refresh/checkout.ts";
import { schemaChanges } from "../../staging/refresh/schema.ts";
import { newTasks, secretChanges, type UpgradeChanges, upgradeChanges } from "./changes.ts";
import { type Merge, mergeOf, textIn } from "./merge.ts";
import { isOwn } from "./own-files.ts";
import { type RenderedTree, renderTree } from "./rendered-tree.ts";

/** What a merge of another version would bring. */
export interface UpgradeReport {
  readonly version: string;
  readonly conflicts: readonly { readonly file: string; readonly isYours: boolean }[];
  /** What a person has to do, from the changelog. */
  readonly tasks: readonly string[];
  readonly secrets: readonly string[];
  readonly migrations: readonly string[];
  /** Why it would not synthesize after the merge. */
  readonly refused?: string;
  readonly changes?: UpgradeChanges;
}

/** Makes the report. Throws a {@link Failure} where git cannot answer, or what is committed here does not synthesize. */
export async function upgradeReport(name: string): Promise<UpgradeReport> {
  const merge = await mergeOf(name);
  const [tasks, secrets] = await Promise.all([
    compared("CHANGELOG.md", merge, newTasks),
    compared("host/release/secrets.keys.yaml", merge, secretChanges),
  ]);
  const known = {
    version: merge.version,
    conflicts: merge.conflicts.map((file) => ({ file, isYours: isOwn(file) })),
    tasks,
    secrets,
    // A conflict in the pins would hide them.
    migrations: schemaChanges(
      await databaseSchemaOf("HEAD"),
      await databaseSchemaOf(merge.conflicts.length ? merge.version : merge.tree),
    ),
  };
  // With markers in its files there is nothing to render.
  if (merge.conflicts.length) return known;
  const after = await renderTree(name, merge.tree);
  if ("refused" in after) return { ...known, refused: after.refused };
  return { ...known, changes: upgradeChanges(await ownRendering(), after.rendering) };
}

/** A file of both sides, as their makers wrote it: a conflict in it must not hide what it says. */
const compared = async <T>(
  path: string,
  { version }: Merge,
  by: (before: string, after: string) => T,
): Promise<T> => by(await textIn("HEAD", path), await textIn(version, path));

async function ownRendering(): Promise<RenderedTree> {
  const own = await renderTree("what is committed here", "HEAD");
  if ("rendering" in own) return own.rendering;
  throw new Failure(`${own.refused}\n\nThat is what is committed here, before any merge: correct it first.`);
}
