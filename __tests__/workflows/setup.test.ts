import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { providerLockPath } from "../../lib/process-env.ts";
import { READ_ONLY_INIT } from "../../lib/terraform-environment.ts";
import { SETUP } from "./runner.ts";
import { stepSchema, usesOf, WORKFLOW_FILES, workflowText } from "./workflow-files.ts";

const text = readFileSync(`${SETUP}/action.yml`, "utf8");

describe("the set-up of every job", () => {
  const { runs } = z
    .object({ runs: z.strictObject({ using: z.literal("composite"), steps: z.array(stepSchema.loose()) }) })
    .parse(parse(text));

  test("sees no secret and no token", () => {
    expect(text).not.toMatch(/secrets\.|github\.token/);
  });

  test("installs as the scripts do, in a shell that ends at the first failure", () => {
    const commands = runs.steps.filter(({ run }) => run);
    expect(commands.map(({ run }) => run)).toContain(". scripts/install.sh");
    for (const command of commands) expect(command.shell).toBe("bash");
  });

  test("keeps a plain cdktf to the lock of the providers exactly where there is one", () => {
    const step = runs.steps.find(({ run }) => run?.includes("-lockfile=readonly"));
    expect(step).toMatchObject({
      if: `\${{ hashFiles('${providerLockPath()}') != '' }}`,
      run: `echo TF_CLI_ARGS_init=${READ_ONLY_INIT.TF_CLI_ARGS_init} >> "$GITHUB_ENV"`,
    });
  });

  test("keeps files alone, which survive another user, and not all of the cache", () => {
    const path = runs.steps.find(({ uses }) => uses?.startsWith("actions/cache@"))?.with?.path;
    expect(String(path).trim().split("\n")).toEqual(
      ["programs", "roots"].map((kind) => `\${{ inputs.cache }}/${kind}`),
    );
  });

  test("keeps what tests build by all that decides what is built", () => {
    const key = runs.steps.find(({ uses }) => uses?.startsWith("actions/cache@"))?.with?.key;
    const patterns = [...String(key).matchAll(/'([^']+)'/g)].map((match) => match[1] ?? "");
    expect(patterns).toEqual([
      ...["sandbox/programs/**", "secrets/programs.ts", "lib/go-program.ts"],
      "host/edge/**",
    ]);
    for (const pattern of patterns) expect(existsSync(pattern.replace("/**", "")), pattern).toBe(true);
  });
});

test("every foreign action is pinned by one commit, with the version beside it", () => {
  const foreign = [...WORKFLOW_FILES.map(workflowText), text]
    .flatMap(usesOf)
    .filter((action) => action !== SETUP);
  for (const action of foreign) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  const names = [...new Set(foreign)].map((action) => action.split("@")[0]);
  expect(names.sort()).toEqual([...new Set(names)]);
});
