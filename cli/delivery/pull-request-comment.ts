import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { gh } from "../shared/github.ts";
import { MARKER } from "./pull-request-markdown.ts";

/** Pages of https://docs.github.com/rest/issues/comments, as `gh api --paginate --slurp` prints them. */
const pages = z.array(
  z.array(z.object({ id: z.int(), body: z.string(), user: z.object({ type: z.string() }).nullable() })),
);

/**
 * Writes the one comment of a pull request: over the earlier one where there is one. Throws a {@link Failure} with the
 * words of `gh`.
 */
export async function upsertComment(pullRequest: string, markdown: string): Promise<void> {
  if (!/^[1-9]\d*$/.test(pullRequest))
    throw new Failure(`--comment ${pullRequest}: the number of a pull request is wanted`);
  const comments = `repos/{owner}/{repo}/issues/${pullRequest}/comments`;
  try {
    await write(comments, markdown);
  } catch (error) {
    throw new Failure(`The comment could not be written: ${error instanceof Error ? error.message : error}`);
  }
}

async function write(comments: string, markdown: string): Promise<void> {
  const listed = pages.parse(JSON.parse(await gh([`${comments}?per_page=100`, "--paginate", "--slurp"])));
  // Anybody can write the marker; only a workflow's own comment is written over.
  const earlier = listed.flat().find(({ body, user }) => user?.type === "Bot" && body.startsWith(MARKER));
  const [method, path] = earlier
    ? ["PATCH", `repos/{owner}/{repo}/issues/comments/${earlier.id}`]
    : ["POST", comments];
  await gh([path, "--method", method, "--input", "-", "--silent"], { body: markdown });
}
