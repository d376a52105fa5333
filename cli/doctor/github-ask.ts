import { execa } from "execa";
import type { z } from "zod";
import { parsedJson } from "../../lib/json.ts";
import { isTerminal } from "../../lib/process-env.ts";
import { gh } from "../shared/github.ts";
import { type CheckOutcome, type FixPlan, toDo } from "./row.ts";

const LOGIN = "gh auth login";

/** What GitHub answers, in that shape. Throws gh's own words. */
export async function askGithub<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  const answer = shape.safeParse(parsedJson(await gh([path])));
  if (!answer.success) throw new Error(`GitHub's answer to ${path} is not valid`);
  return answer.data;
}

/** Why GitHub shows nothing, where that is plain. */
export async function githubRefusal(path: string): Promise<CheckOutcome | undefined> {
  const said = await gh([path]).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
  // The second is what it says where CI is set.
  if (/gh auth login|set the GH_TOKEN/.test(said)) return toDo("gh is not logged in", LOGIN);
  if (/HTTP 401/.test(said)) return toDo("GitHub refuses the login of gh", LOGIN);
  if (/HTTP 404/.test(said))
    return toDo(`there is no ${path.slice("repos/".length)}, or this login does not see it`);
  return undefined;
}

/** A login, where there is none and a person sits at a terminal: it opens their browser. */
export async function loginFix(repository: string): Promise<FixPlan | undefined> {
  const refused = await githubRefusal(`repos/${repository}`);
  if (!isTerminal() || !refused?.remedy?.includes(LOGIN)) return undefined;
  return {
    lines: [`${LOGIN}, in this terminal`],
    apply: async () => void (await execa("gh", ["auth", "login"], { stdio: "inherit" })),
  };
}

/** What the owner's plan at GitHub does not bring, where that is why it refuses. Throws the error where it is not. */
export function planLimit(error: unknown): CheckOutcome {
  const said = error instanceof Error ? error.message : String(error);
  if (!/Upgrade to GitHub|billing plan/.test(said)) throw error;
  return toDo(
    "the owner's plan at GitHub has no such rules for a private repository",
    "GitHub Team brings rulesets and environments, GitHub Enterprise required reviewers besides; a public repository has all of them",
  );
}
