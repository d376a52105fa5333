import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

// ./olympus with a launcher that only says where it runs and with what, and an npm that only notes that it was called.
let root: string;
let elsewhere: string;
beforeEach(() => {
  [root, elsewhere] = ["root-", "elsewhere-"].map((name) =>
    mkdtempSync(join(tmpdir(), `olympus-${name}`)),
  ) as [string, string];
  for (const file of ["olympus", "scripts/install.sh"]) cpSync(file, join(root, file));
  for (const folder of ["bin", "node_modules"]) mkdirSync(join(root, folder));
  writeFileSync(join(root, "scripts/run.mjs"), "console.log(process.cwd(), ...process.argv.slice(2));");
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(
    join(root, "bin/npm"),
    '#!/bin/sh\necho "$PWD" "$1" >>called\ncp package-lock.json node_modules/.installed-lock\n',
  );
  chmodSync(join(root, "bin/npm"), 0o755);
});
afterEach(() => {
  for (const folder of [root, elsewhere]) rmSync(folder, { recursive: true, force: true });
});

const olympus = (...args: string[]) =>
  execa(join(root, "olympus"), args, {
    cwd: elsewhere,
    env: { PATH: `${join(root, "bin")}:${process.execPath.replace(/\/node$/, "")}:/usr/bin:/bin` },
    extendEnv: false,
  });

test("starts in the folder it was called from, with the arguments as they are", async () => {
  expect((await olympus("plan", "a b")).stdout).toBe(`${elsewhere} plan a b`);
});

test("installs what is missing, once, in its own folder, and keeps standard output for the command", async () => {
  const [first, second] = [await olympus("parity"), await olympus("parity")];
  expect([first.stdout, second.stdout]).toEqual([`${elsewhere} parity`, `${elsewhere} parity`]);
  expect(first.stderr).toMatch(/^Installing \d+ npm packages.* \.\.\.\nInstalled in \d+ s\.$/);
  expect(second.stderr).toBe("");
  expect(readFileSync(join(root, "called"), "utf8")).toBe(`${root} ci\n`);
});

test("installs again when the lock file has changed", async () => {
  await olympus("parity");
  writeFileSync(join(root, "package-lock.json"), '{ "lockfileVersion": 3 }');
  await olympus("parity");
  expect(readFileSync(join(root, "called"), "utf8")).toBe(`${root} ci\n`.repeat(2));
});
