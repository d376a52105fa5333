import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { isAlive } from "../../lib/is-alive.ts";
import { Checkout } from "../support/checkout.ts";
import { identities } from "../support/fleet/identities.ts";

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

test("what is down has ended: its process writes nothing more", async () => {
  const { pid } = JSON.parse((await sandbox("status", "--json")).stdout);
  await sandbox("down");
  expect(isAlive(pid)).toBe(false);
  expect((await sandbox("up")).exitCode).toBe(0);
});

test("a command in the sandbox gives its exit code", async () => {
  expect((await sandbox("run", "--", "sh", "-c", "exit 7")).exitCode).toBe(7);
});

test("the clouds that run learn a new domain, zone and environment, and keep what they hold", async () => {
  const checkout = new Checkout();
  cpSync("sandbox", join(checkout.root, "sandbox"), { recursive: true });
  const own = (...args: string[]) =>
    execa("node", [join(checkout.root, "scripts/run.mjs"), ...args], {
      env: { ...env, OLYMPUS_CSR_DIR: undefined },
      cwd: checkout.root,
      reject: false,
    });
  try {
    const before = readFileSync(join(folder, "session.json"), "utf8");
    checkout.declare("qa");
    checkout.plant("config/staging.ts", "staging.your-app.com", "preview.your-app.com");
    const [key] = Object.values(identities(["qa"]));
    checkout.plant("config/base.ts", "environments: {", `environments: { qa: ${JSON.stringify(key)},`);
    const { exitCode, stderr } = await own("sandbox", "up");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("do not know hcloud_token_qa")]);
    const [old, now] = [before, readFileSync(join(folder, "session.json"), "utf8")].map((text) =>
      JSON.parse(text),
    );
    expect(now.tokens).toMatchObject(old.tokens);
    expect(Object.keys(now.tokens)).toContain("cloudflare_token_qa");
    expect(readdirSync(join(folder, "csr"))).toEqual(
      expect.arrayContaining(["preview.your-app.com.csr", "qa.your-app.com.csr"]),
    );
    const synth = await own("sandbox", "run", "--", "node", "scripts/run.mjs", "main.ts");
    expect([synth.exitCode, synth.exitCode && synth.stderr]).toEqual([0, 0]);
    const again = await own("sandbox", "up");
    expect([again.exitCode, again.stderr]).toEqual([0, expect.not.stringContaining("restart")]);
  } finally {
    checkout.remove();
  }
});

test("down keeps what the clouds hold, reset forgets it", async () => {
  await sandbox("down");
  expect((await sandbox("status")).exitCode).toBe(1);
  expect(existsSync(join(folder, "clouds"))).toBe(true);
  await sandbox("reset");
  expect(existsSync(folder)).toBe(false);
});
