import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { gh } from "../../shared/github.ts";

/** A run of clock.yml. */
export interface WorkflowRun {
  readonly id: number;
  readonly command: string;
  readonly environment: string;
  /** ISO time at which it fell due; absent where a person started it. */
  readonly firing?: string | undefined;
  readonly created: Date;
  readonly is: "going" | "done" | "failed";
  readonly url: string;
}

/** https://docs.github.com/rest/actions/workflow-runs, "List workflow runs for a workflow". */
const responseSchema = z.object({
  workflow_runs: z.array(
    z.object({
      id: z.int(),
      display_title: z.string(),
      status: z.string().nullable(),
      conclusion: z.string().nullable(),
      created_at: z.coerce.date(),
      html_url: z.string(),
    }),
  ),
});

/** The form of `run-name` in clock.yml. */
const TITLE = /^([a-z]+) ([a-z0-9-]+)(?: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z))?$/;

/** What was started since then, newest first; at most 100, which is weeks. */
export async function clockRuns(repository: string, since: Date): Promise<WorkflowRun[]> {
  const query = new URLSearchParams({
    event: "workflow_dispatch",
    created: `>=${since.toISOString()}`,
    per_page: "100",
  });
  const text = await gh([`repos/${repository}/actions/workflows/clock.yml/runs?${query}`]).catch(
    (error: Error) => {
      throw new Failure(`The runs of clock.yml cannot be listed: ${error.message}`);
    },
  );
  return responseSchema.parse(JSON.parse(text)).workflow_runs.flatMap((run) => {
    const [, command, environment, firing] = TITLE.exec(run.display_title.trim()) ?? [];
    if (!command || !environment) return [];
    const is = run.status !== "completed" ? "going" : run.conclusion === "success" ? "done" : "failed";
    return [{ id: run.id, command, environment, firing, created: run.created_at, is, url: run.html_url }];
  });
}
