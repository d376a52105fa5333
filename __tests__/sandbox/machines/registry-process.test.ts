import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registryProcess } from "../../../sandbox/machines/host-prerequisites.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-registry-"));
const WAIT = "console.log('here'); setInterval(() => {}, 1000)";
const registry = spawn("node", ["-e", WAIT, "registry", "serve"]);
beforeAll(() => once(registry.stdout, "data"));
afterAll(() => {
  registry.kill();
  rmSync(folder, { recursive: true, force: true });
});

test("of a sandbox of an earlier version stands in its session", () => {
  expect(registryProcess(folder)).toBeUndefined();
  expect(registryProcess(folder, registry.pid)).toBe(registry.pid);
});

test("is not another program that has its number by now", () => {
  expect(registryProcess(folder, process.pid)).toBeUndefined();
  writeFileSync(join(folder, "registry.pid"), String(process.pid));
  expect(registryProcess(folder)).toBeUndefined();
});

test("stands in a file of its own before the session is there", () => {
  writeFileSync(join(folder, "registry.pid"), String(registry.pid));
  expect(registryProcess(folder)).toBe(registry.pid);
});
