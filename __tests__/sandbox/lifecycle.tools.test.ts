import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";

const folder = join(mkdtempSync(join(tmpdir(), "olympus-sandbox-")), "clouds");
const env = { OLYMPUS_SANDBOX_DIR: folder, HCLOUD_TOKEN: "a real token" };
const sandbox = (...args: string[]) =>
  execa("node", ["scripts/run.mjs", "sandbox", ...args], { env, reject: false });
afterAll(async () => {
  await sandbox("reset");
  rmSync(folder, { recursive: true, force: true });
});

test("says that nothing runs, and how to start it", async () => {
  expect((await sandbox("status")).exitCode).toBe(1);
  expect((await sandbox("env")).stderr).toContain("olympus sandbox up");
  expect((await sandbox("up", "--cloudflare", "maybe")).stderr).toContain(
    "allowed are auto, real and stand-in",
  );
});

test("starts once, keeps its tokens to itself, and takes real ones out of reach", async () => {
  expect((await sandbox("up")).exitCode).toBe(0);
  const first = JSON.parse((await sandbox("status", "--json")).stdout);
  expect(first).toMatchObject({ running: true, variables: expect.arrayContaining(["hcloud_token_staging"]) });
  expect(first.tokens).toBeUndefined();
  expect(statSync(join(folder, "session.json")).mode & 0o077).toBe(0);

  await sandbox("up");
  expect(JSON.parse((await sandbox("status", "--json")).stdout).pid).toBe(first.pid);

  const shell = await execa(
    "sh",
    ["-c", 'eval "$1"; echo "$HCLOUD_ENDPOINT [$HCLOUD_TOKEN]"', "sh", (await sandbox("env")).stdout],
    { env },
  );
  expect(shell.stdout).toBe(`${first.hetznerUrl}/v1 []`);
});

test("a command in the sandbox gives its exit code", async () => {
  expect((await sandbox("run", "--", "sh", "-c", "exit 7")).exitCode).toBe(7);
});

test("down keeps what the clouds hold, reset forgets it", async () => {
  await sandbox("down");
  expect((await sandbox("status")).exitCode).toBe(1);
  expect(existsSync(join(folder, "clouds"))).toBe(true);
  await sandbox("reset");
  expect(existsSync(folder)).toBe(false);
});
