import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { close, container, inFolder, led, NEW, noted, OLD, open, pair, runWith } from "./two-containers.ts";

beforeEach(open);
afterEach(close);

/** A Kratos of `was` serves while its tables become those of one that works with `shares`; returns where visitors were led meanwhile. */
async function migrated(was: string, shares: string): Promise<string | undefined> {
  writeFileSync(inFolder("version"), was);
  writeFileSync(inFolder("shares"), shares);
  led("ciam-hera");
  container("olympus-ciam-kratos-migrate", NEW, "created");
  const { exitCode, stderr } = await runWith("ciam-hera", "MIGRATIONS=(ciam-kratos-migrate); migrate");
  expect([exitCode, stderr]).toEqual([0, ""]);
  const [, host] = /^start ciam-kratos-migrate while Caddy leads to (.*)$/m.exec(noted().join("\n")) ?? [];
  return host;
}

test.each([
  ["serves on where its version is named", "v1", "v2,v1", "ciam-hera"],
  ["serves nobody where it is not", "v1", "v2,v11", "127.0.0.1"],
  ["serves nobody where its version is not known", "", "v2", "127.0.0.1"],
])("while its tables change a Kratos %s", async (_, was, shares, host) => {
  pair("ciam-kratos", ["running", "created"]);
  expect(await migrated(was, shares)).toBe(host);
});

test("one of the same image serves on", async () => {
  container("olympus-ciam-kratos-old", NEW, "running");
  container("olympus-ciam-kratos", NEW, "created");
  expect(await migrated("", "v2")).toBe("ciam-hera");
});

test("so does one that is not replaced", async () => {
  container("olympus-ciam-kratos", OLD, "running");
  expect(await migrated("v1", "v2")).toBe("ciam-hera");
});
