import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type JobEnding, runWorkflow } from "./runner.ts";

// What the workflow does with the endings of its commands. The commands only say here how they were called, and end as
// the test says; the real ones run in __tests__/host/pipeline.
let folder: string;
let key: string;
const COMMAND = `#!/bin/bash
echo "$(basename "$0") $*" | sed 's/^olympus //' >>calls
case "$*" in *--serving*) echo release=before ;; *soak*) echo bundle=b0 ;; *clock-steps*) cat night ;; esac
while read -r words; do [[ "$(tail -n 1 calls)" != $words* ]] || exit 1; done <failing
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-deploy-"));
  for (const name of ["olympus", "scripts/smoke-test.sh"]) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), COMMAND);
    chmodSync(join(folder, name), 0o755);
  }
  cpSync("scripts/credentials.sh", join(folder, "scripts/credentials.sh"));
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  key = readFileSync(join(folder, "key"), "utf8");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => writeFileSync(join(folder, "calls"), ""));

/** Merges to main while these commands fail; the calls, without the options that say which machine. */
const merge = (...failing: string[]) => mergeWithSteps("wake=true", failing);
async function mergeWithSteps(night: string, failing: readonly string[] = []) {
  writeFileSync(join(folder, "night"), `${night}\n`);
  writeFileSync(join(folder, "failing"), failing.map((words) => `${words}\n`).join(""));
  const of = (name: string) => ({ HOST: `${name}-host`, HOST_KEY: "SHA256:k", SMOKE_EMAIL: "a@example.com" });
  const endings = await runWorkflow(".github/workflows/deploy.yml", {
    cwd: folder,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    vars: { staging: of("staging"), prod: of("prod") },
    secrets: { staging: { SSH_KEY: key }, prod: { SSH_KEY: key } },
  });
  const calls = readFileSync(join(folder, "calls"), "utf8").split("\n").filter(Boolean);
  const results = Object.fromEntries(Object.entries(endings).map(([name, { result }]) => [name, result]));
  return { endings, results, calls: calls.map((call) => call.replace(/ --host .*$/, "")) };
}
const STAGING = [
  "clock-steps staging --command deploy",
  "wake staging",
  "release staging",
  "refresh staging --if-migrated --no-smoke",
  "smoke-test.sh staging --address staging-host",
  "soak staging --minutes 60",
];
const PROD = ["status prod --serving", "release prod --bundle b0", "smoke-test.sh prod --address prod-host"];

test("a good merge goes to staging, soaks, and goes on to prod as the bundle that soaked", async () => {
  const { results, calls } = await merge();
  expect(calls).toEqual([...STAGING, ...PROD]);
  expect(results).toEqual({ staging: "success", prod: "success" });
});

test.each([
  ["release staging", 3],
  ["refresh staging", 4],
  ["smoke-test.sh staging", 5],
  ["soak staging", 6],
])("when %s fails, prod is not touched", async (failing, done) => {
  const { results, calls } = await merge(failing);
  expect(calls).toEqual(STAGING.slice(0, done));
  expect(results).toEqual({ staging: "failure", prod: "skipped" });
});

test("a machine that is not well does not wake, and is released to all the same", async () => {
  const { results, calls } = await merge("wake staging");
  expect(calls).toEqual([...STAGING, ...PROD]);
  expect(results).toEqual({ staging: "success", prod: "success" });
});

test("staging that never sleeps is not woken", async () => {
  const { results, calls } = await mergeWithSteps("");
  expect(calls).toEqual([...STAGING.filter((call) => call !== "wake staging"), ...PROD]);
  expect(results.staging).toBe("success");
});

test("a release that did not become healthy on prod has gone back by itself: nothing is rolled back twice", async () => {
  const { results, calls } = await merge("release prod");
  expect(calls).toEqual([...STAGING, ...PROD.slice(0, 2)]);
  expect(results.prod).toBe("failure");
});

test("a red smoke test of prod rolls back once, to what served before, looks again and stays red", async () => {
  const { results, calls } = await merge("smoke-test.sh prod");
  expect(calls).toEqual([...STAGING, ...PROD, "rollback prod --to before", PROD[2]]);
  expect(results.prod).toBe("failure");
});

test("a rollback that fails is not tried again", async () => {
  const { calls } = await merge("smoke-test.sh prod", "rollback prod");
  expect(calls).toEqual([...STAGING, ...PROD, "rollback prod --to before"]);
});

test("no step is shown a secret, and none but the first sees the key", async () => {
  const { endings } = await merge();
  const steps = Object.values(endings).flatMap((job: JobEnding) => job.steps);
  for (const { run, output } of steps) expect(`${run}${output}`).not.toContain("PRIVATE KEY");
  expect(steps.map(({ run }) => run).filter((run) => run.endsWith("forget"))).toHaveLength(2);
});
