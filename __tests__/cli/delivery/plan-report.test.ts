import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LIMIT, MARKER, pullRequestMarkdown } from "../../../cli/delivery/pull-request-markdown.ts";
import { type PlanSummary, summarise } from "../../../cli/shared/plan/summary.ts";
import { type PlanOutcome, readOutcomes, writeOutcome } from "../../../cli/shared/plan/summary-file.ts";
import { plannedResource, terraformPlanText } from "./plan-fixture.ts";

const planned = (summary: PlanSummary): PlanOutcome => ({ stack: summary.stack, failed: false, summary });
const report = (...outcomes: PlanOutcome[]) => ({
  parity: "### Parity: staging mirrors prod: 0 differences",
  releases: "",
  migration: "",
  cost: "### Monthly cost",
  stacks: ["prod", "staging", "zone"],
  outcomes,
});
const calm = planned(summarise("prod", terraformPlanText()));
const grave = planned(
  summarise(
    "staging",
    terraformPlanText(
      plannedResource("hcloud_volume.data", { actions: ["delete"], before: { size: 20 } }),
      plannedResource("hcloud_server.server", {
        actions: ["delete", "create"],
        before: { user_data: "a", name: "```" },
        after: { user_data: "b", name: "c" },
        replace_paths: [["user_data"]],
      }),
    ),
  ),
);

test("dangers come first, then parity, plans, what was not planned, cost", () => {
  expect(pullRequestMarkdown(report(calm, grave))).toMatchInlineSnapshot(`
    "<!-- olympus pr-report -->

    > [!CAUTION]
    > **State would be lost, or lose its protection.**
    > - **staging**: destroy \`hcloud_volume.data\`. Everything that the environment stores is on it.

    > [!WARNING]
    > **An outage.**
    > - **staging**: replace \`hcloud_server.server\`. Nothing answers until a new machine has booted and a release has started on it.

    ### Parity: staging mirrors prod: 0 differences

    ### Plans

    prod: no changes

    <details><summary>staging: 1 to replace, 1 to destroy</summary>

    \`\`\`text
        - hcloud_volume.data
      -/+ hcloud_server.server
              user_data: "a" -> "b"  (forces replacement)
              name: "'''" -> "c"
    \`\`\`

    </details>

    Not planned: zone. Plans need read-only tokens; a pull request from a fork gets none.

    ### Monthly cost"
  `);
});

test("a calm plan raises no banner", () => {
  expect(pullRequestMarkdown(report(calm))).not.toContain("> [!");
});

test("a failed plan is said to have failed, and is not one without changes", () => {
  const text = pullRequestMarkdown(report({ stack: "prod", failed: true }));
  expect(text).toContain("prod: could not be planned");
  expect(text).not.toContain("no changes");
});

test("no plan at all: the forks' case", () => {
  expect(pullRequestMarkdown(report())).toContain("Not planned: prod, staging, zone.");
});

test("however much there is, the comment fits, keeps its marker and says what was cut", () => {
  const many = Array.from({ length: 5000 }, (_, i) =>
    plannedResource(`hcloud_volume.${"x".repeat(i % 200)}${i}`, { actions: ["delete"], before: {} }),
  );
  const outcomes = ["prod", "staging", "zone"].map((stack) =>
    planned(summarise(stack, terraformPlanText(...many))),
  );
  const parity = `### Parity: staging mirrors prod\n\n<details>${"| a | b |\n".repeat(20_000)}</details>`;
  const text = pullRequestMarkdown({ ...report(...outcomes), parity });
  expect(text.length).toBeLessThanOrEqual(LIMIT);
  expect(text.startsWith(MARKER)).toBe(true);
  expect(text).toContain("### Parity: staging mirrors prod");
  expect(text).toContain("### Monthly cost");
  expect(text.match(/too long for a comment/g)).toHaveLength(4);
  expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
});

test("outcomes survive their files; another file is refused by name", () => {
  const folder = mkdtempSync(join(tmpdir(), "plans-"));
  try {
    const failed: PlanOutcome = { stack: "zone", failed: true };
    for (const outcome of [grave, failed]) writeOutcome(folder, outcome);
    expect(readOutcomes(folder)).toEqual([grave, failed]);
    writeFileSync(join(folder, "x.json"), '{"stack":"x"}');
    expect(() => readOutcomes(folder)).toThrow("x.json is not a plan summary");
    expect(readOutcomes(join(folder, "none"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
