import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./is-alive.ts";

/**
 * Replaces a file, or makes it, with exactly this mode. Readers, a kill and a power cut meet the old content or the new one,
 * never a part. Its folder must exist.
 */
export function writeAtomically(file: string, content: string | Uint8Array, mode = 0o644): void {
  const aside = asidePath(file);
  try {
    const handle = openSync(aside, "w", mode);
    try {
      fchmodSync(handle, mode);
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Where a file's next content is made: hidden, beside it. What killed processes have left in such places goes. */
export function asidePath(file: string): string {
  const [folder, name] = [dirname(file), basename(file)];
  const isAbandoned = (other: string): boolean => {
    const [, pid, of] = /^\.(\d+)\.(.+)$/.exec(other) ?? [];
    return of === name && !isAlive(Number(pid));
  };
  for (const other of readdirSync(folder).filter(isAbandoned)) rmSync(join(folder, other), { force: true });
  return join(folder, `.${process.pid}.${name}`);
}
