import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "olympus-pty-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const install = (cwd: string) =>
  execa("node", [resolve("scripts/install-cdktf.mjs")], { cwd, reject: false });

test("an installation that can start cdktf says nothing", async () => {
  expect(await install(".")).toMatchObject({ exitCode: 0, stderr: "", stdout: "" });
});

test("one that lacks the compiled file says so, and what works without it, in place of a stack trace", async () => {
  const place = join(folder, "node_modules/@cdktf/node-pty-prebuilt-multiarch");
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, "index.js"),
    'throw new Error("The module was compiled against another version");',
  );
  for (const cwd of [folder, tmpdir()]) {
    const { exitCode, stderr } = await install(cwd);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^`npx cdktf` cannot start on this computer \(.*\): .+\n.*optional.*\n.*\.\/olympus plan/,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
  }
});

test("is part of every installation", async () => {
  const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
  expect(manifest.scripts.prepare).toContain("scripts/install-cdktf.mjs");
});
