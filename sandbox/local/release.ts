import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "../../config/load/environment.ts";
import { bundle } from "../../host/bundle.ts";
import type { BundleFile } from "../../host/bundle-file.ts";
import type { LocalPaths } from "./paths.ts";

/**
 * Lays the bundle, as every machine gets it, into a folder named after its content. Returns the folder; which one runs is
 * `current`'s to say.
 */
export async function writeRelease({ releases }: LocalPaths, env: Environment): Promise<string> {
  const files = bundle(env);
  const folder = join(releases, contentKey(files));
  if (existsSync(folder)) return folder;
  const aside = `${folder}.part`;
  await rm(aside, { recursive: true, force: true });
  for (const { path, content, mode } of files) {
    await mkdir(dirname(join(aside, path)), { recursive: true });
    await writeFile(join(aside, path), content, { mode });
  }
  await rename(aside, folder);
  return folder;
}

/** Twelve hex digits for every path, mode and byte. */
const contentKey = (files: readonly BundleFile[]): string =>
  createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);

/** The release that was started last; undefined before the first start. */
export const currentRelease = ({ current }: LocalPaths): Promise<string | undefined> =>
  readlink(current).catch(() => undefined);

/** Makes a release the one that the other verbs speak of. */
export async function makeCurrent({ current }: LocalPaths, folder: string): Promise<void> {
  await rm(`${current}.new`, { force: true });
  await symlink(folder, `${current}.new`);
  await rename(`${current}.new`, current);
}

/**
 * Takes away all releases but one, and those whose files a container has mounted: what a release does not change stays made of the one
 * before it.
 */
export async function removeOthers(
  { releases }: LocalPaths,
  folder: string,
  mounted: readonly string[],
): Promise<void> {
  for (const name of await readdir(releases)) {
    const one = join(releases, name);
    const isMounted = mounted.some((source) => source.startsWith(`${one}/`));
    if (one !== folder && !isMounted) await rm(one, { recursive: true, force: true });
  }
}
