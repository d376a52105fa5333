import { randomInt } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { simpleFaker } from "@faker-js/faker";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { childEnvironment, namedVariable } from "../../../lib/process-env.ts";
import { sandboxFixture } from "../delivery/terraform/sandbox-fixture.ts";

const KILLS = 20;
const SEED = Number(namedVariable("OLYMPUS_KILL_SEED") ?? randomInt(2 ** 31));
beforeAll(() => {
  simpleFaker.seed(SEED);
  process.stderr.write(`seed ${SEED}\n`);
});

/** An environment that was never deployed, and a Terraform that writes down the process of its apply. */
async function firstDeploy() {
  const fixture = await sandboxFixture();
  const [terraform, pidFile] = [join(fixture.folder, "terraform"), join(fixture.folder, "pid")];
  writeFileSync(terraform, `#!/bin/sh\n[ "$1" != apply ] || echo $$ >${pidFile}\nexec terraform "$@"\n`);
  chmodSync(terraform, 0o755);
  const own = { OLYMPUS_SANDBOX_DIR: `${fixture.folder}/sandbox`, TERRAFORM_BINARY_NAME: terraform };
  const provision = () =>
    execa("node", ["scripts/run.mjs", "provision", "staging", "--sandbox"], {
      env: childEnvironment({ ...fixture.variables, ...own }),
      extendEnv: false,
      reject: false,
    });
  return { fixture, pidFile, provision };
}

/** Sends a signal to a process that may have ended. */
function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const KILLED = ["Terraform", "olympus"] as const;
const SIGNALS = ["SIGKILL", "SIGINT"] as const;
const cases = Array.from({ length: KILLS }, (_, at) => ({
  at,
  who: KILLED[at % 2] ?? "Terraform",
  signal: SIGNALS[Math.floor(at / 2) % 2] ?? "SIGKILL",
}));

test.each(cases)(
  "$at: $signal to $who in the first deploy: one rerun ends green",
  {
    timeout: 300_000,
  },
  async ({ who, signal }) => {
    const { fixture, pidFile, provision } = await firstDeploy();
    try {
      const running = provision();
      let shown = "";
      running.stderr.on("data", (chunk: Buffer) => {
        shown += chunk.toString();
      });
      while (!shown.includes("deploy staging ...") && running.exitCode === null) await pause(20);
      // Of the stack before it.
      rmSync(pidFile, { force: true });
      while (!existsSync(pidFile) && running.exitCode === null) await pause(5);
      const after = simpleFaker.number.int({ max: 4000 });
      await Promise.race([pause(after), running]);
      send(signal, who === "olympus" ? (running.pid ?? 0) : Number(readFileSync(pidFile, "utf8")));
      await running;
      const { exitCode, stderr } = await provision();
      expect([after, exitCode, exitCode && stderr]).toEqual([after, 0, 0]);
      expect((await fixture.plan(["staging"])).code).toBe(0);
    } finally {
      await fixture.close();
    }
  },
);
