import { execa } from "execa";
import { z } from "zod";
import { Failure } from "./failure.ts";
import { MARKER } from "./pr-markdown.ts";

/** Pages of https://docs.github.com/rest/issues/comments, as `gh api --paginate --slurp` prints them. */
const pages = z.array(
  z.array(z.object({ id: z.int(), body: z.string(), user: z.object({ type: z.string() }).nullable() })),
);

/**
 * Writes the one comment of a pull request: over the earlier one where there is one. Uses `gh`, which takes the token
 * from GH_TOKEN and the repository from GH_REPO. Throws a {@link Failure} with its words.
 */
export async function upsertComment(pullRequest: string, markdown: string): Promise<void> {
  if (!/^[1-9]\d*$/.test(pullRequest))
    throw new Failure(`--comment ${pullRequest}: the number of a pull request is wanted`);
  const comments = `repos/{owner}/{repo}/issues/${pullRequest}/comments`;
  const listed = pages.parse(JSON.parse(await gh([`${comments}?per_page=100`, "--paginate", "--slurp"])));
  // Anybody can write the marker; only a workflow's own comment is written over.
  const earlier = listed.flat().find(({ body, user }) => user?.type === "Bot" && body.startsWith(MARKER));
  const [method, path] = earlier
    ? ["PATCH", `repos/{owner}/{repo}/issues/comments/${earlier.id}`]
    : ["POST", comments];
  await gh([path, "--method", method, "--input", "-", "--silent"], JSON.stringify({ body: markdown }));
}

async function gh(args: readonly string[], input = ""): Promise<string> {
  const { exitCode, stdout, stderr, shortMessage } = await execa("gh", ["api", ...args], {
    input,
    reject: false,
  });
  if (exitCode !== 0) throw new Failure(`The comment could not be written: ${stderr || shortMessage}`);
  return stdout;
}
