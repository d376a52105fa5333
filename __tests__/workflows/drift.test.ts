import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { stackNames } from "../../cli/shared/stack-names.ts";
import { tokensOf } from "../../cli/shared/tokens.ts";
import { loadFleet } from "../../config/index.ts";
import { runWorkflow } from "./runner.ts";

// What the workflow does with the endings of its commands, which only say here how they were called and what tokens they
// got. The real ones run in __tests__/cli/delivery/terraform/drift.tools.test.ts.
const DRIFT = ".github/workflows/drift.yml";
const fleet = loadFleet();
const stacks = stackNames(fleet);
const PLANS = stacks.map((stack) => `plan ${stack} --no-lock --out plans`);
const ADVISORIES = "advisories";
const LOCK = "provider-lock --check";
const REPORT = "pr-report --plans plans";

let folder: string;
const COMMAND = `#!/bin/bash
echo "$*: $(compgen -e | grep ^TF_VAR_ | sort | xargs)" >>calls
while read -r words code; do [[ "$1 $2" != "\${words/:/ }" ]] || exit "$code"; done <failing
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-drift-"));
  writeFileSync(join(folder, "olympus"), COMMAND);
  chmodSync(join(folder, "olympus"), 0o755);
  mkdirSync(join(folder, "scripts"));
  cpSync("scripts/credentials.sh", join(folder, "scripts/credentials.sh"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => writeFileSync(join(folder, "calls"), ""));

/** A morning on which these commands end with these codes: `plan:staging 2`. */
async function runDriftWorkflow(failing: readonly string[] = [], setup: "success" | "failure" = "success") {
  writeFileSync(join(folder, "failing"), failing.map((line) => `${line}\n`).join(""));
  const { drift } = await runWorkflow(DRIFT, {
    cwd: folder,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    vars: {},
    secrets: {},
    setup,
  });
  const calls = readFileSync(join(folder, "calls"), "utf8").split("\n").filter(Boolean);
  return { result: drift?.result, calls: calls.map((call) => call.split(": ") as [string, string]) };
}
const commandLines = (calls: readonly (readonly [string, string])[]) => calls.map(([call]) => call.trim());

test("a morning without drift is green: every stack there is, and Cloudflare's addresses", async () => {
  const { result, calls } = await runDriftWorkflow();
  expect(result).toBe("success");
  expect(commandLines(calls)).toEqual(["ranges", ADVISORIES, LOCK, ...PLANS, REPORT]);
});

test.each([
  ["a drift", "plan:prod 2"],
  ["a drift", "plan:staging 2"],
  ["a stack that cannot be planned", `plan:${stacks.at(-1)} 1`],
  ["stale addresses", "ranges: 1"],
  ["a pin with an advisory", "advisories: 1"],
  ["a list of advisories that does not answer", "advisories: 2"],
])("%s (%s) is red, hides nothing beside it, and is in the summary", async (_, failing) => {
  const { result, calls } = await runDriftWorkflow([failing]);
  expect(result).toBe("failure");
  expect(commandLines(calls)).toEqual(["ranges", ADVISORIES, LOCK, ...PLANS, REPORT]);
});

test("without a lock of the providers nothing is planned, and the summary is written", async () => {
  const { result, calls } = await runDriftWorkflow(["provider-lock:--check 1"]);
  expect(result).toBe("failure");
  expect(calls).toEqual([
    ["ranges", ""],
    [ADVISORIES, ""],
    [LOCK, ""],
    [REPORT, ""],
  ]);
});

test("without the program's dependencies no step is started", async () => {
  expect(await runDriftWorkflow([], "failure")).toEqual({ result: "failure", calls: [] });
});

test("each stack's plan gets its own read-only tokens, and nothing else gets any", async () => {
  const { calls } = await runDriftWorkflow();
  const wanted = stacks.map((stack) => tokensOf(stack, fleet).map(({ terraform }) => `TF_VAR_${terraform}`));
  const given = calls.map(([, names]) => names.split(" ").filter(Boolean));
  expect(given).toEqual([[], [], [], ...wanted.map((names) => names.sort()), []]);
  const { jobs } = parse(readFileSync(DRIFT, "utf8"));
  const env = jobs.drift.steps.flatMap((step: { env?: Record<string, string> }) =>
    Object.entries(step.env ?? {}),
  );
  const tokens = Object.fromEntries(
    stacks.flatMap((stack) =>
      tokensOf(stack, fleet).map(({ shell, terraform }) => [
        `TF_VAR_${terraform}`,
        `\${{ secrets.${shell}_READ }}`,
      ]),
    ),
  );
  const state = stacks.flatMap((stack) =>
    ["STATE_ACCESS_KEY_ID", "STATE_SECRET_ACCESS_KEY"].map((key) => {
      const name = `${key}_${stack.replaceAll("-", "_").toUpperCase()}`;
      return [name, `\${{ secrets.${name}_READ }}`];
    }),
  );
  expect(Object.fromEntries(env)).toEqual({ ...tokens, ...Object.fromEntries(state) });
});
