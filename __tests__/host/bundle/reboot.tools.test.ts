import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { FILES } from "./values.ts";

let folder: string;
const at = (...path: string[]): string => join(folder, ...path);
const told: string[] = [];
const watch = createServer((request, response) => {
  request.on("data", (part) => told.push(String(part)));
  request.on("end", () => response.writeHead(200).end());
});
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "olympus-reboot-"));
  told.length = 0;
  for (const name of ["config", "run", "data", "shims"]) mkdirSync(at(name));
  writeFileSync(
    at("history"),
    `20261101T000000Z-a ${hoursAgo(30)} release\n20261102T000000Z-b ${hoursAgo(3)} release\n`,
  );
  // Which units run, and whether it was asked to reboot.
  writeFileSync(
    at("shims", "systemctl"),
    `#!/bin/bash\ncase $1 in\n  is-active) grep -qx "\${@: -1}" ${at("active")} 2>/dev/null ;;\n  reboot) touch ${at("rebooting")} ;;\nesac\n`,
  );
  chmodSync(at("shims", "systemctl"), 0o755);
  writeFileSync(at("required"), "");
  await new Promise<void>((resolve) => watch.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await new Promise((resolve) => watch.close(resolve));
  rmSync(folder, { recursive: true });
});

async function reboot(changes: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout } = await execa(join(FILES, "bin/olympus-reboot"), {
    env: childEnvironment({
      OLYMPUS_CONFIG: at("config"),
      OLYMPUS_RUN: at("run"),
      OLYMPUS_DATA: at("data"),
      OLYMPUS_REBOOT_REQUIRED: at("required"),
      OLYMPUS_RELEASE_LOCK: at("lock"),
      OLYMPUS_ALERTMANAGER: `http://127.0.0.1:${(watch.address() as AddressInfo).port}`,
      PATH: `${at("shims")}:/usr/sbin:/usr/bin:/sbin:/bin`,
      ...changes,
    }),
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stdout, rebooting: existsSync(at("rebooting")) };
}

test("a machine whose updates ask for it reboots, its alarms are silent meanwhile, and the moment is kept", async () => {
  expect(await reboot()).toEqual({ exitCode: 0, stdout: "", rebooting: true });
  expect(JSON.parse(told.join(""))).toMatchObject({
    matchers: [{ name: "alertname", value: ".+", isRegex: true }],
    createdBy: "olympus-reboot",
  });
  expect(Number(readFileSync(at("data", "rebooted"), "utf8"))).toBeGreaterThan(Date.now() / 1000 - 60);
  expect(readFileSync(at("lock"), "utf8")).toMatch(/^reboot olympus-reboot since 20/);
});

test("a watch that does not answer keeps nobody from the update", async () => {
  const away = await reboot({ OLYMPUS_ALERTMANAGER: "http://127.0.0.1:9" });
  expect(away).toEqual({
    exitCode: 0,
    stdout: expect.stringContaining("Alertmanager does not answer"),
    rebooting: true,
  });
});

test("nothing asks for it: nothing happens", async () => {
  rmSync(at("required"));
  expect(await reboot()).toEqual({ exitCode: 0, stdout: "", rebooting: false });
});

test.each<[string, () => void, RegExp]>([
  [
    "the soak of a release",
    () => writeFileSync(at("history"), `20261102T000000Z-b ${hoursAgo(1)} release\n`),
    /may still soak/,
  ],
  ["a backup", () => writeFileSync(at("active"), "olympus-backup.service\n"), /olympus-backup.service runs/],
  ["a drill", () => writeFileSync(at("active"), "olympus-drill.service\n"), /olympus-drill.service runs/],
])("it waits for %s", async (_, arrange, reason) => {
  arrange();
  expect(await reboot()).toEqual({ exitCode: 0, stdout: expect.stringMatching(reason), rebooting: false });
  expect(told).toEqual([]);
});

test("it waits for a release, whose words stay in the lock", async () => {
  writeFileSync(at("lock"), "token jane@laptop since now\n");
  const release = execa("flock", [at("lock"), "sleep", "30"], { reject: false });
  await expect
    .poll(() => execa("flock", ["-n", at("lock"), "true"], { reject: false }).then((r) => r.exitCode))
    .toBe(1);
  expect(await reboot()).toMatchObject({
    stdout: expect.stringContaining("a release runs"),
    rebooting: false,
  });
  expect(readFileSync(at("lock"), "utf8")).toContain("jane@laptop");
  release.kill();
});
