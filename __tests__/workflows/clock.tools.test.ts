import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runWorkflow } from "./runner.ts";

// What clock.yml does with what `olympus clock-steps` says. The commands only note how they were called and which tokens
// they were shown, and end as the test says.
let folder: string;
let key: string;
const COMMAND = `#!/bin/bash
echo "$* [\${OLYMPUS_CREDENTIALS_OF-}\${HCLOUD_TOKEN-}$(sed -n "s/^aws_secret_access_key = //p" "\${AWS_SHARED_CREDENTIALS_FILE:-/dev/null}")]" >>calls
case "$*" in *clock-steps*) cat steps ;; esac
while read -r words; do [[ "$(tail -n 1 calls)" != $words* ]] || exit 1; done <failing
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-clock-"));
  mkdirSync(join(folder, "scripts"));
  writeFileSync(join(folder, "olympus"), COMMAND);
  chmodSync(join(folder, "olympus"), 0o755);
  cpSync("scripts/credentials.sh", join(folder, "scripts/credentials.sh"));
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  key = readFileSync(join(folder, "key"), "utf8");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => writeFileSync(join(folder, "calls"), ""));

const SECRETS = { HCLOUD_TOKEN: "-hetzner-", STATE_ACCESS_KEY_ID: "id", STATE_SECRET_ACCESS_KEY: "state" };

/** A run of the workflow to which clock-steps says these steps; the calls, without the options that say which machine. */
const run = (steps: readonly string[], ...failing: string[]) => runFor("staging", steps, failing);
async function runFor(environment: string, steps: readonly string[], failing: readonly string[] = []) {
  writeFileSync(join(folder, "steps"), steps.map((step) => `${step}=true\n`).join(""));
  writeFileSync(join(folder, "failing"), failing.map((words) => `${words}\n`).join(""));
  const { clock } = await runWorkflow(".github/workflows/clock.yml", {
    cwd: folder,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", GITHUB_RUN_ID: "7" },
    vars: { [environment]: { HOST: `${environment}-host`, HOST_KEY: "SHA256:k" } },
    secrets: { [environment]: { SSH_KEY: key, ...SECRETS } },
    inputs: { environment, command: "wake", firing: "2026-01-05T06:00:00.000Z" },
  });
  const calls = readFileSync(join(folder, "calls"), "utf8").split("\n").filter(Boolean);
  return {
    clock,
    calls: calls.map((call) => call.replace(/ --host [a-z]+-host --host-key SHA256:k --identity \S+/, "")),
  };
}

const STEPS_CALL = "clock-steps staging --command wake --firing 2026-01-05T06:00:00.000Z --run 7 []";
/** The file with the key to the state is there for the whole job. */
const NOTIFY_CALL = "clock staging --tell --failed 7 [state]";
const CLOUD = "[staging-hetzner-state]";

test.each([["wake"], ["sleep"]])("%s is one command, with the tokens of Terraform", async (step) => {
  const { clock, calls } = await run([step]);
  expect(calls).toEqual([STEPS_CALL, `${step} staging ${CLOUD}`]);
  expect(clock?.result).toBe("success");
});

test("an environment that no line of the workflow names has its own tokens", async () => {
  const { calls } = await runFor("qa", ["wake"]);
  expect(calls.slice(1)).toEqual(["wake qa [qa-hetzner-state]"]);
});

test.each([["refresh"], ["seed"]])("%s is one command, without a token of a cloud", async (step) => {
  expect((await run([step])).calls).toEqual([STEPS_CALL, `${step} staging [state]`]);
});

test("who sleeps is woken for a refresh, and put to sleep after it", async () => {
  const { calls } = await run(["wake", "refresh", "sleep"]);
  expect(calls).toEqual([
    STEPS_CALL,
    `wake staging ${CLOUD}`,
    "refresh staging [state]",
    `sleep staging ${CLOUD}`,
  ]);
});

test("a firing that is past or taken does nothing, and is no failure", async () => {
  const { clock, calls } = await run([]);
  expect(calls).toEqual([STEPS_CALL]);
  expect(clock?.result).toBe("success");
});

test("what fails is told, and nothing comes after it", async () => {
  const { clock, calls } = await run(["wake", "refresh", "sleep"], "refresh staging");
  expect(calls).toEqual([STEPS_CALL, `wake staging ${CLOUD}`, "refresh staging [state]", NOTIFY_CALL]);
  expect(clock?.result).toBe("failure");
});

test("a run that may not be made is told too", async () => {
  expect((await run(["wake"], "clock-steps staging")).calls).toEqual([
    STEPS_CALL,
    NOTIFY_CALL.replace("state", ""),
  ]);
});
