import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./is-alive.ts";
import { cacheDirectory, usesPreparedOnly } from "./process-env.ts";

const POLL_MS = 500;

/** Eight hex digits that change whenever the recipe of an artifact changes. */
export const recipeKey = (recipe: unknown): string =>
  createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 8);

const takeLock = async (lock: string): Promise<boolean> => {
  try {
    await mkdir(lock);
    await writeFile(join(lock, "pid"), String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const owner = Number(await readFile(join(lock, "pid"), "utf8").catch(() => ""));
    // An owner of 0 has made the folder and not yet written its number.
    if (owner !== 0 && !isAlive(owner)) await rm(lock, { recursive: true, force: true });
    return false;
  }
};

/** Something expensive is missing where nothing may be built or installed: under a test, or in a daemon that starts. */
export class NotPrepared extends Error {
  constructor(what: string) {
    super(
      `Not prepared: ${what}. Run \`npm run test:prepare\` first; it builds and installs, with progress.`,
    );
  }
}

const looking = new AsyncLocalStorage<true>();

/** Whether nothing may be built or installed here: throw {@link NotPrepared} instead. */
export const mayNotMake = (): boolean => usesPreparedOnly() || looking.getStore() === true;

/**
 * Whether `make` would find all it needs: it runs up to the first thing that it would build or install, so that what it looks
 * for is written down once. What fails in another way is missing too; making it says why.
 */
export const isThere = (make: () => Promise<unknown>): Promise<boolean> =>
  looking.run(true, () =>
    make().then(
      () => true,
      () => false,
    ),
  );

/** Runs `work` while no other process holds the lock folder; a lock whose owner died is taken over. */
export const withLock = async <T>(lock: string, work: () => Promise<T>): Promise<T> => {
  await mkdir(dirname(lock), { recursive: true });
  while (!(await takeLock(lock))) await sleep(POLL_MS);
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
};

/**
 * Folder `kind/key` of the cache, made by `make` on first use: built aside and renamed, so that what
 * exists is complete, and made once when several processes ask together. Throws {@link NotPrepared} where nothing may be made.
 */
export const cached = async (
  kind: string,
  key: string,
  make: (folder: string) => Promise<void>,
): Promise<string> => {
  const target = join(cacheDirectory(), kind, key);
  if (existsSync(target)) return target;
  if (mayNotMake()) throw new NotPrepared(`${kind}/${key} in ${cacheDirectory()}`);
  return await withLock(`${target}.lock`, async () => {
    if (existsSync(target)) return target;
    const aside = `${target}.part`;
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    try {
      await make(aside);
      await rename(aside, target);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return target;
  });
};
