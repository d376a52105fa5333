import { execa } from "execa";
import { Failure } from "../../../lib/failure.ts";

/** What a merge of a version into this commit would be. Nothing is merged for it. */
export interface Merge {
  /** Commit of that version. */
  readonly version: string;
  /** The tree after the merge, which git keeps as an object; with conflicts its files hold markers. */
  readonly tree: string;
  /** Files that git cannot merge. */
  readonly conflicts: readonly string[];
}

/**
 * Lets git merge a commit, branch or tag into HEAD without touching a file or a branch. Throws a {@link Failure} where git does not
 * know it, or where the two have no history in common.
 */
export async function mergeOf(name: string): Promise<Merge> {
  const version = await commitOf(name);
  if ((await git("merge-base", "HEAD", version)).exitCode !== 0)
    throw new Failure(
      `${name} and this checkout have no commit in common, so git cannot tell your changes from ours.\ndocs/upgrade.md says how to join them once.`,
    );
  const { exitCode, stdout, stderr } = await git(
    ...["merge-tree", "--write-tree", "--name-only", "--no-messages", "HEAD", version],
  );
  if (exitCode !== 0 && exitCode !== 1)
    throw new Failure(`git merge-tree: ${stderr.trim()}\nIt takes git 2.38 or later.`);
  const [tree = "", ...conflicts] = stdout.split("\n").filter(Boolean);
  return { version, tree, conflicts };
}

async function commitOf(name: string): Promise<string> {
  // A leading dash would be an option.
  const { exitCode, stdout } = name.startsWith("-")
    ? { exitCode: 1, stdout: "" }
    : await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);
  if (exitCode === 0) return stdout;
  throw new Failure(
    `git knows no ${name} here: \`git fetch upstream --tags\` brings what there is (docs/upgrade.md says how upstream is named).`,
  );
}

/** The text of a file in a commit or tree; empty where it has none. */
export async function textIn(tree: string, path: string): Promise<string> {
  const { exitCode, stdout } = await git("show", `${tree}:${path}`);
  return exitCode === 0 ? stdout : "";
}

/** Whether the two have the same below a path. */
export const isSame = async (a: string, b: string, ...paths: readonly string[]): Promise<boolean> =>
  (await git("diff", "--quiet", a, b, "--", ...paths)).exitCode === 0;

const git = (...args: readonly string[]) => execa("git", args, { reject: false });
