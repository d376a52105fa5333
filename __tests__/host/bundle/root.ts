import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execaSync } from "execa";
import { stderrProgress } from "../../../lib/progress.ts";
import type { RootFileSystemName } from "../../../sandbox/programs/root-file-systems.ts";
import { overlayRoot } from "./overlay.ts";

/** A root file system whose own programs judge our files; nothing in it runs on. */
export interface Root {
  /** Copies a file or folder of this checkout, or writes text, to a path inside. */
  copy(from: string, to: string): void;
  write(path: string, text: string): void;
  /** Runs a program inside; standard output and error come as one text. */
  run(command: readonly string[], options?: Options): { code: number; text: string };
  remove(): void;
}

interface Options {
  readonly user?: string;
  readonly env?: Record<string, string>;
}

/** One over what is unpacked already. Needs root. */
export async function unpackRoot(name: RootFileSystemName): Promise<Root> {
  const overlay = await overlayRoot(name, stderrProgress);
  const folder = overlay.path;
  return {
    copy: (from, to) => cpSync(from, join(folder, to), { recursive: true }),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    run(command, { user = "0:0", env = {} } = {}) {
      const done = execaSync("chroot", [`--userspec=${user}`, folder, ...command], {
        env: { PATH: "/usr/lib/postgresql/18/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8", ...env },
        extendEnv: false,
        reject: false,
        all: true,
      });
      return { code: done.exitCode ?? 1, text: done.all };
    },
    remove: overlay.remove,
  };
}
