import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { githubSteps } from "../../../cli/operate/revoke/github.ts";
import type { Leaver } from "../../../cli/operate/revoke/steps.ts";
import { namedVariable } from "../../../lib/process-env.ts";

const ada: Leaver = { name: "ada", login: "ada-l" };

describe("what GitHub has of a person", () => {
  let folder: string;
  const OF = "repos/your-org/olympus-infra";
  const NOTHING = {
    [`${OF}/environments?per_page=100`]: {
      environments: [
        {
          name: "prod",
          protection_rules: [
            {
              type: "required_reviewers",
              reviewers: [
                { type: "User", reviewer: { login: "grace" } },
                { type: "Team", reviewer: { slug: "infra" } },
              ],
            },
          ],
        },
      ],
    },
    [`${OF}/keys?per_page=100`]: [{ id: 1, title: "ci", added_by: "grace" }],
    [`${OF}/actions/runs?actor=ada-l&per_page=100`]: {
      total_count: 1,
      workflow_runs: [{ id: 5, status: "completed" }],
    },
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "olympus-revoke-"));
    vi.stubEnv("PATH", `${folder}:${namedVariable("PATH")}`);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => rmSync(join(folder, "gh"), { force: true }));

  /** A `gh` that knows these paths and answers the rest as GitHub does what it does not have. */
  const github = (answers: Record<string, unknown>): void => {
    writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
    const program = `const answers = require(${JSON.stringify(join(folder, "answers.json"))});
const [, path] = process.argv.slice(2);
if (!(path in answers)) { console.error("gh: Not Found (HTTP 404)"); process.exit(1); }
process.stdout.write(answers[path] === "" ? "" : JSON.stringify(answers[path]));`;
    writeFileSync(join(folder, "gh"), `#!/usr/bin/env node\n${program}\n`);
    chmodSync(join(folder, "gh"), 0o755);
  };

  test("nothing", async () => {
    github(NOTHING);
    expect(await githubSteps(ada, "your-org/olympus-infra")).toEqual([]);
  });
  test("everything, each with the command that ends it", async () => {
    github({
      [`${OF}/collaborators/ada-l`]: "",
      "orgs/your-org/members/ada-l": "",
      [`${OF}/environments?per_page=100`]: {
        environments: [
          {
            name: "prod",
            protection_rules: [
              { type: "required_reviewers", reviewers: [{ type: "User", reviewer: { login: "Ada-L" } }] },
            ],
          },
        ],
      },
      [`${OF}/keys?per_page=100`]: [{ id: 7, title: "old \u001b[2Jlaptop", added_by: "ada-l" }],
      [`${OF}/actions/runs?actor=ada-l&per_page=100`]: { workflow_runs: [{ id: 9, status: "waiting" }] },
    });
    const steps = await githubSteps(ada, "your-org/olympus-infra");
    expect(steps.every(({ part, is }) => part === 2 && is === "left")).toBe(true);
    expect(steps.map(({ remedy }) => remedy)).toEqual([
      `gh api -X DELETE ${OF}/collaborators/ada-l`,
      "gh api -X DELETE orgs/your-org/members/ada-l",
      expect.stringContaining("settings/environments"),
      `gh api -X DELETE ${OF}/keys/7`,
      `gh api -X POST ${OF}/actions/runs/9/cancel`,
    ]);
    expect(JSON.stringify(steps)).not.toContain("\\u001b");
  });
  test("is not known where it does not answer, which is not nothing", async () => {
    github({});
    const [step] = await githubSteps(ada, "your-org/olympus-infra");
    expect(step).toMatchObject({
      is: "left",
      what: expect.stringContaining("GitHub was not asked: gh: Not Found"),
    });
    expect(await githubSteps({ ...ada, login: "none" }, "your-org/olympus-infra")).toEqual([]);
  });
});
