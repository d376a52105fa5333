import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plan-file-"));
  mkdirSync(join(folder, "tmp"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `olympus plan staging` with a Terraform that writes the plan file it is asked for and then runs `show`. */
function plan(show: string) {
  const terraform = join(folder, "terraform");
  writeFileSync(
    terraform,
    `#!/bin/sh\nfor word; do case $word in -out=*) echo secret > "\${word#-out=}" ;; esac; done\n[ "$1" != output ] || echo '{}'\n[ "$1" != show ] || { ${show}; }\n`,
  );
  chmodSync(terraform, 0o755);
  return execa("node", ["scripts/run.mjs", "plan", "staging"], {
    env: childEnvironment({
      TERRAFORM_BINARY_NAME: terraform,
      TMPDIR: join(folder, "tmp"),
      CDKTF_OUTDIR: join(folder, "out"),
      // Nothing answers there: the example is planned in a sandbox alone.
      HCLOUD_ENDPOINT: "http://127.0.0.1:9/v1",
      CLOUDFLARE_BASE_URL: "http://127.0.0.1:9/client/v4",
      TF_VAR_hcloud_token_staging: "a",
      TF_VAR_cloudflare_token_staging: "b",
    }),
    extendEnv: false,
    reject: false,
  });
}
const left = (): string[] =>
  readdirSync(join(folder, "tmp")).filter((name) => name.startsWith("olympus-plan-"));

test("a plan that cannot be shown leaves no file", async () => {
  const { exitCode, stderr } = await plan("exit 1");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("The plan of staging cannot be read");
  expect(left()).toEqual([]);
});

test("nor does a run that is stopped while the file is there", async () => {
  const started = join(folder, "started");
  const running = plan(`touch ${started}; exec sleep 60`);
  while (!existsSync(started) && running.exitCode === null) await sleep(20);
  expect(left()).toHaveLength(1);
  running.kill("SIGTERM");
  expect((await running).exitCode).toBe(143);
  expect(left()).toEqual([]);
});
