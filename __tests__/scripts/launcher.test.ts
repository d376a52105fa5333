import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "olympus-launcher-"));
  cpSync("scripts/run.mjs", join(root, "scripts/run.mjs"));
  writeFileSync(join(root, "package-lock.json"), "{}");
  symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (text: string) => writeFileSync(join(root, "main.ts"), text);
const run = () => execa("node", ["scripts/run.mjs", "main.ts"], { cwd: root, reject: false });
const compiled = () => readdirSync(join(root, "build")).filter((file) => file.endsWith(".v8"));

test("a run leaves the bundle and what V8 compiled of it, and the next one takes them", async () => {
  write("console.log(10);");
  expect((await run()).stdout).toBe("10");
  const left = compiled();
  expect(left).toHaveLength(1);
  expect((await run()).stdout).toBe("10");
  expect(compiled()).toEqual(left);
});

test("an edit that keeps the length is run, and the old one's remains go", async () => {
  write("console.log(10);");
  await run();
  const left = compiled();
  write("console.log(20);");
  expect((await run()).stdout).toBe("20");
  expect((await run()).stdout).toBe("20");
  expect(compiled()).toHaveLength(1);
  expect(compiled()).not.toEqual(left);
});

test("a run that outlives its bundle hands nothing to the next one", async () => {
  const source = (n: number) =>
    `console.log(${n}); process.stdin.on("data", () => process.stdin.destroy()); process.stdin.resume();`;
  write(source(10));
  const slow = execa("node", ["scripts/run.mjs", "main.ts"], { cwd: root, reject: false, stdin: "pipe" });
  await new Promise((resolve) => slow.stdout.once("data", resolve));
  write(source(20));
  const after = () =>
    execa("node", ["scripts/run.mjs", "main.ts"], { cwd: root, reject: false, input: "end" });
  expect((await after()).stdout).toBe("20");
  slow.stdin.write("end");
  expect((await slow).stdout).toBe("10");
  expect((await after()).stdout).toBe("20");
});

test("a source that does not compile is named, and nothing runs", async () => {
  write("console.log(10");
  const { exitCode, stdout, stderr } = await run();
  expect(stderr).toContain("main.ts:1");
  expect(stdout).toBe("");
  expect(exitCode).toBe(1);
});
