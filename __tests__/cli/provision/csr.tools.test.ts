import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { Checkout } from "../../support/checkout.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-csr-"));
const checkout = new Checkout();
afterAll(() => {
  checkout.remove();
  rmSync(folder, { recursive: true, force: true });
});
const env = {
  OLYMPUS_CSR_DIR: `prod,staging=${join(folder, "csr")}`,
  OLYMPUS_SECRETS_DIR: join(folder, "secrets"),
};
const csr = (...args: string[]) =>
  execa("node", ["scripts/run.mjs", "csr", ...args], { cwd: checkout.root, env, reject: false });
const request = join(folder, "csr", "staging.your-app.com.csr");
const key = join(folder, "secrets", "staging.your-app.com.key");

test("makes a request that its key has signed, for its owner's eyes only", async () => {
  const { exitCode, stdout } = await csr("staging");
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain("PRIVATE KEY");
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const { stdout: subject } = await execa("openssl", [
    "req",
    "-in",
    request,
    "-noout",
    "-verify",
    "-subject",
  ]);
  expect(subject).toContain("staging.your-app.com");
  const ofKey = await execa("openssl", ["pkey", "-in", key, "-pubout"]);
  const ofRequest = await execa("openssl", ["req", "-in", request, "-noout", "-pubkey"]);
  expect(ofRequest.stdout).toBe(ofKey.stdout);
});

test("keeps a key that is there, unless it is told to replace it", async () => {
  const before = readFileSync(key, "utf8");
  expect((await csr("staging")).exitCode).toBe(1);
  expect(readFileSync(key, "utf8")).toBe(before);
  expect((await csr("staging", "--force")).exitCode).toBe(0);
  expect(readFileSync(key, "utf8")).not.toBe(before);
});

test("knows only declared environments", async () => {
  const { exitCode, stderr } = await csr("nowhere");
  expect(exitCode).toBe(1);
  expect(stderr).toBe("config/nowhere.ts names no domain");
});
