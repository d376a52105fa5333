import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { type SandboxFixture, sandboxFixture } from "../delivery/terraform/sandbox-fixture.ts";

let fixture: SandboxFixture;
beforeAll(async () => {
  fixture = await sandboxFixture();
});
afterAll(async () => fixture?.close());

const provision = () =>
  execa("node", ["scripts/run.mjs", "provision", "staging", "--sandbox"], {
    cwd: fixture.root,
    env: childEnvironment({ ...fixture.variables, OLYMPUS_SANDBOX_DIR: `${fixture.folder}/sandbox` }),
    extendEnv: false,
    reject: false,
  });

test("three interrupts of the first deploys at random moments: the rerun ends green", {
  timeout: 300_000,
}, async () => {
  const moments: unknown[] = [];
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    const running = provision();
    let shown = "";
    running.stderr.on("data", (chunk: Buffer) => {
      shown += chunk.toString();
    });
    while (!shown.includes("deploy staging ...") && running.exitCode === null) await pause(20);
    const after = randomInt(4000);
    await Promise.race([pause(after), running]);
    running.kill(signal);
    const { exitCode } = await running;
    moments.push([signal, after, exitCode]);
    // Terraform ends by itself, whatever became of its parent.
    await pause(signal === "SIGKILL" ? 6000 : 0);
  }
  const { exitCode, stderr } = await provision();
  expect([moments, exitCode, exitCode && stderr]).toEqual([moments, 0, 0]);
});
