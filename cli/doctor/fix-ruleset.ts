import { z } from "zod";
import { parsedJson } from "../../lib/json.ts";
import { gh } from "../shared/github.ts";
import type { FixPlan } from "./row.ts";

/** https://docs.github.com/rest/repos/rules, "Create a repository ruleset". */
const RULESET = {
  name: "Olympus: main takes what was reviewed alone",
  target: "branch",
  enforcement: "active",
  bypass_actors: [],
  conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
  rules: [
    { type: "deletion" },
    { type: "non_fast_forward" },
    {
      type: "pull_request",
      parameters: {
        required_approving_review_count: 1,
        dismiss_stale_reviews_on_push: true,
        require_code_owner_review: true,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      },
    },
  ],
};

/** A ruleset of our own name for main, made or put back; those of others stay, and add to it. */
export const rulesetFix = (repository: string): FixPlan => ({
  lines: [
    `a ruleset for main of ${repository}: changes by a pull request with an approval of a code owner; no forced push, no deletion`,
  ],
  async apply() {
    const path = `repos/${repository}/rulesets`;
    const all = z
      .array(z.object({ id: z.int(), name: z.string() }))
      .parse(parsedJson(await gh([`${path}?per_page=100`])));
    const own = all.find(({ name }) => name === RULESET.name);
    const request = own ? ["--method", "PUT", `${path}/${own.id}`] : ["--method", "POST", path];
    await gh([...request, "--input", "-"], RULESET);
  },
});
