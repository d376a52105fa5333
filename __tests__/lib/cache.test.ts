import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { cached, recipeKey, withLock } from "../../lib/cache.ts";

beforeEach(async () => {
  vi.stubEnv("OLYMPUS_PREPARED", "");
  vi.stubEnv("OLYMPUS_CACHE_DIR", await mkdtemp(join(tmpdir(), "olympus-cache-")));
});

test("makes an artifact once, however many ask at the same time", async () => {
  let made = 0;
  const ask = () =>
    cached("things", "one", async (folder) => {
      made += 1;
      await writeFile(join(folder, "content"), "whole");
    });
  const paths = await Promise.all([ask(), ask(), ask()]);
  expect(made).toBe(1);
  expect(new Set(paths).size).toBe(1);
  expect(await readFile(join(paths[0] as string, "content"), "utf8")).toBe("whole");
});

test("where nothing may be made, a missing artifact is named with what prepares it", async () => {
  vi.stubEnv("OLYMPUS_PREPARED", "1");
  let made = 0;
  const missing = cached("things", "three", async () => {
    made += 1;
  });
  await expect(missing).rejects.toThrow(/Not prepared: things\/three .*npm run test:prepare/);
  expect(made).toBe(0);
});

test("leaves nothing under the artifact's name when making it fails, and makes it the next time", async () => {
  const broken = cached("things", "two", async () => {
    throw new Error("compiler says no");
  });
  await expect(broken).rejects.toThrow("compiler says no");
  const path = await cached("things", "two", async () => undefined);
  expect(existsSync(path)).toBe(true);
  expect(await readdir(join(path, ".."))).toEqual(["two"]);
});

test("takes over the lock of a process that is gone, and waits for one that lives", async () => {
  const lock = join(await mkdtemp(join(tmpdir(), "olympus-lock-")), "lock");
  await mkdir(lock);
  await writeFile(join(lock, "pid"), "4194305"); // above the kernel's largest process id
  expect(await withLock(lock, async () => "taken")).toBe("taken");

  const order: string[] = [];
  let first: Promise<void> | undefined;
  await new Promise<void>((held) => {
    first = withLock(lock, async () => {
      held();
      await new Promise((resolve) => setTimeout(resolve, 200));
      order.push("first");
    });
  });
  await withLock(lock, async () => {
    order.push("second");
  });
  await first;
  expect(order).toEqual(["first", "second"]);
});

test("gives a changed recipe another key", () => {
  expect(recipeKey({ version: "v1" })).toBe(recipeKey({ version: "v1" }));
  expect(recipeKey({ version: "v1" })).not.toBe(recipeKey({ version: "v2" }));
});
