import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { gh } from "../../shared/github.ts";

const issues = z.array(
  z.object({
    number: z.int(),
    body: z.string().nullable(),
    user: z.object({ type: z.string() }).nullable(),
  }),
);

const markerOf = (environment: string): string => `<!-- olympus clock ${environment} -->`;

/**
 * Tells everybody who watches the repository: a comment on the open issue of this clock, or a new issue. A red run is
 * mailed to the owner of the token that started it alone. Throws a {@link Failure} with GitHub's words.
 */
export async function notifyWatchers(repository: string, environment: string, text: string): Promise<void> {
  const path = `repos/${repository}/issues`;
  const marker = markerOf(environment);
  const body = `${marker}\n\n\`\`\`text\n${text}\n\`\`\`\n\ndocs/runbooks/clock.md says what to do. Close this when the clock works again.`;
  try {
    const listed = issues.parse(JSON.parse(await gh([`${path}?state=open&per_page=100`])));
    // Anybody can write the marker; only a workflow's own issue is continued.
    const open = listed.find((issue) => issue.user?.type === "Bot" && issue.body?.startsWith(marker));
    const [where, what] = open
      ? [`${path}/${open.number}/comments`, { body }]
      : [path, { title: `The clock of ${environment} needs attention`, body }];
    await gh([where, "--method", "POST", "--input", "-", "--silent"], what);
  } catch (error) {
    throw new Failure(`No issue was written: ${error instanceof Error ? error.message : error}`);
  }
}
