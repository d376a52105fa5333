import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, expect, test } from "vitest";
import { isConfigurationPushed } from "../../../cli/doctor/pushed.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-pushed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const clone = join(folder, "clone");
const git = (...args: string[]) =>
  execaSync("git", ["-C", clone, "-c", "user.name=Jane", "-c", "user.email=jane@acme.co.uk", ...args]);
const write = (value: number) => writeFileSync(join(clone, "config", "base.ts"), `${value}`);

test("main is closed once it has the team's configuration: never before their first push", async () => {
  execaSync("git", ["init", "-q", "--bare", "-b", "main", join(folder, "origin.git")]);
  execaSync("git", ["clone", "-q", join(folder, "origin.git"), clone]);
  expect(await isConfigurationPushed(clone), "nothing is there").toBe(false);
  mkdirSync(join(clone, "config"));
  write(1);
  git("checkout", "-q", "-B", "main");
  git("add", "-A");
  git("commit", "-qm", "The example");
  git("push", "-qu", "origin", "main");
  expect(await isConfigurationPushed(clone)).toBe(true);
  write(2);
  expect(await isConfigurationPushed(clone), "it is not committed").toBe(false);
  git("commit", "-qam", "Our own");
  expect(await isConfigurationPushed(clone), "it is not pushed").toBe(false);
  git("push", "-q");
  writeFileSync(join(clone, "secrets.yaml"), "a certificate that was signed since");
  expect(await isConfigurationPushed(clone)).toBe(true);
});
