import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, expect, test } from "vitest";
import { refuseOtherRegistry } from "../../sandbox/images/registry.ts";

// Every door asks once, before anything is begun, what it needs of this computer, and answers with a line and no stack trace.

const folder = mkdtempSync(join(tmpdir(), "olympus-doors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A PATH with these programs of this computer alone. */
function only(...names: string[]): string {
  const bin = mkdtempSync(join(folder, "bin-"));
  for (const name of names) symlinkSync(execaSync("which", [name]).stdout, join(bin, name));
  return bin;
}
const BASE = ["sh", "bash", "dirname", "readlink", "cmp", "env", "sed", "tr", "sort", "head", "npm"];

async function door(words: readonly string[], env: Record<string, string | undefined>) {
  const [file = "", ...args] = words;
  const { exitCode, stdout, stderr } = await execa(file, args, {
    env: { OLYMPUS_PREPARED: undefined, OLYMPUS_CACHE_DIR: join(folder, "cache"), ...env },
    reject: false,
  });
  const said = `${stdout}\n${stderr}`;
  expect(said).not.toMatch(/\n\s+at /);
  return { exitCode, said };
}

test.each<[string, string[]]>([
  ["the sandbox", ["./olympus", "sandbox", "up"]],
  ["machines of the sandbox", ["./olympus", "sandbox", "up", "--machines"]],
  ["the sandbox and Olympus in containers", ["./olympus", "sandbox", "up", "--local"]],
  ["the sandbox", ["./olympus", "provision", "staging", "--sandbox"]],
  ["provisioning", ["./olympus", "provision", "staging"]],
  ["the tests", ["node", "scripts/run.mjs", "__tests__/support/prepare.ts", "tools", "--ask"]],
  ["all tests", ["node", "scripts/run.mjs", "__tests__/support/prepare.ts", "--ask"]],
])("%s without Terraform: %j", async (purpose, words) => {
  const env = { PATH: only(...BASE, "node"), OLYMPUS_SANDBOX_DIR: join(folder, "sandbox") };
  const { exitCode, said } = await door(words, env);
  expect(exitCode).toBe(1);
  expect(said).toContain(`This computer lacks for ${purpose}; nothing was started:`);
  expect(said).toMatch(/terraform 1\.10 or later\n {6}https:/);
});

test("a program of Node.js that is too old is named by each script", async () => {
  const bin = only(...BASE);
  writeFileSync(join(bin, "node"), '#!/bin/sh\ncase "$1" in --version) echo v18.20.4 ;; *) exit 1 ;; esac\n');
  chmodSync(join(bin, "node"), 0o755);
  for (const words of [
    ["./olympus", "status", "staging"],
    ["./scripts/test.sh"],
    ["./scripts/provision.sh"],
  ]) {
    const { exitCode, said } = await door(words, { PATH: bin, ENV: "staging" });
    expect([exitCode, said]).toEqual([1, expect.stringMatching(/node: this is v18\.20\.4, 20\.9 or later/)]);
  }
});

test("sudo drops ENV: the script says how it is passed on", async () => {
  const { exitCode, said } = await door(["./scripts/provision.sh"], { ENV: undefined, SUDO_USER: "anna" });
  expect([exitCode, said]).toEqual([1, expect.stringContaining("sudo ENV=staging ./scripts/provision.sh")]);
});

test("a HOME that cannot be written is said with the variables that lead elsewhere", async () => {
  const env = {
    HOME: "/dev/null",
    XDG_CACHE_HOME: undefined,
    OLYMPUS_CACHE_DIR: undefined,
    OLYMPUS_SANDBOX_DIR: join(folder, "readonly"),
  };
  const { exitCode, said } = await door(["node", "scripts/run.mjs", "sandbox", "up"], env);
  expect([exitCode, said]).toEqual([
    1,
    expect.stringMatching(/\/dev\/null\/.* cannot be written\n {6}export HOME=/),
  ]);
});

test("guards without gh says what installs it", async () => {
  const { exitCode, said } = await door(["node", "scripts/run.mjs", "guards"], { PATH: only("node") });
  expect([exitCode, said]).toEqual([1, expect.stringMatching(/gh is not installed.*apt-get install .* gh/)]);
});

test("clock without gh says it, too", async () => {
  const { exitCode, said } = await door(["node", "scripts/run.mjs", "clock", "staging"], {
    PATH: only("node"),
  });
  expect([exitCode, said]).toEqual([1, expect.stringMatching(/gh is not installed.*apt-get install .* gh/)]);
});

test("ranges without a network says that the snapshot counts", async () => {
  const env = { CLOUDFLARE_BASE_URL: "http://127.0.0.1:65000/client/v4" };
  const { exitCode, said } = await door(["node", "scripts/run.mjs", "ranges"], env);
  expect(exitCode).toBe(1);
  expect(said).toMatch(
    /does not answer: .*ECONNREFUSED.*the snapshot in config\/cloudflare-ranges\.ts counts/,
  );
});

test("a program that is missing in the middle is a line as well", async () => {
  const env = { PATH: only("node"), OLYMPUS_STATE_DIR: join(folder, "state") };
  const args = ["status", "staging", "--host", "192.0.2.1", "--accept-new"];
  const { exitCode, said } = await door(["node", "scripts/run.mjs", ...args], env);
  expect([exitCode, said]).toEqual([1, expect.stringMatching(/ssh-keyscan|ed25519 host key/)]);
});

test("machines beside those of another sandbox are refused before anything is built", async () => {
  const registry = createServer((_, answer) => answer.end("{}")).listen(0, "127.0.0.1");
  await new Promise((resolve) => registry.once("listening", resolve));
  const endpoint = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  await expect(refuseOtherRegistry(endpoint)).rejects.toThrow(
    /another sandbox with machines runs on this computer.*sandbox down` there.*Nothing was started/,
  );
  registry.close();
  registry.closeAllConnections();
  await expect(refuseOtherRegistry(endpoint)).resolves.toBeUndefined();
});

test("a run that was refused leaves nothing behind that stops the next one", async () => {
  mkdirSync(join(folder, "again"));
  const env = { PATH: only(...BASE, "node"), OLYMPUS_SANDBOX_DIR: join(folder, "again", "sandbox") };
  await door(["./olympus", "sandbox", "up"], env);
  expect(execaSync("ls", ["-A", join(folder, "again")]).stdout).toBe("");
});
