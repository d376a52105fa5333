import { chmod, copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { cached, recipeKey } from "../../lib/cache.ts";
import type { Progress } from "../../lib/progress.ts";
import { ensureRootFileSystem, ROOT_FILE_SYSTEMS } from "./root-file-systems.ts";

/**
 * Folder with the `restic` of Debian 13, the very program that the machines get from their packages, unpacked on first use
 * (5 s). Throws when not root or when the Debian mirror does not answer.
 */
export const ensureRestic = async (progress: Progress): Promise<string> =>
  cached("restic", `${process.arch}-${recipeKey(ROOT_FILE_SYSTEMS.restic)}`, async (aside) => {
    const archive = await ensureRootFileSystem("restic", progress);
    const scratch = await mkdtemp(join(tmpdir(), "olympus-restic-"));
    try {
      await execa("tar", ["-xf", archive, "-C", scratch, "./usr/bin/restic"]);
      await mkdir(aside, { recursive: true });
      await copyFile(join(scratch, "usr/bin/restic"), join(aside, "restic"));
      await chmod(join(aside, "restic"), 0o755);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
