import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UNFINISHED } from "../../config/load/unfinished.ts";
import { Failure } from "../../lib/failure.ts";
import { writeAtomically } from "../../lib/files.ts";
import { isAlive } from "../../lib/is-alive.ts";
import { parsedJson } from "../../lib/json.ts";
import type { FileChange } from "./file-change.ts";

const LIST = "files.json";
const listSchema = z.array(z.object({ file: z.string(), mode: z.int(), content: z.string().nullable() }));

/**
 * Writes, replaces and removes all of the files or none. They are made aside first, and one rename decides: before it nothing
 * has changed, after it {@link finish} does the rest, in this process or in the next one.
 */
export function putInPlace(changes: readonly FileChange[]): void {
  const aside = `${UNFINISHED}.${process.pid}`;
  removeAbandoned();
  mkdirSync(aside, { mode: 0o700 });
  try {
    const list = changes.map(({ file, mode, text }, i) => ({
      file,
      mode,
      content: text === undefined ? null : `${i}`,
    }));
    changes.forEach(({ text }, i) => {
      if (text !== undefined) writeAtomically(join(aside, `${i}`), text, 0o600);
    });
    writeAtomically(join(aside, LIST), JSON.stringify(list), 0o600);
    if (existsSync(UNFINISHED))
      throw new Failure(
        `${UNFINISHED} is there: another run is putting files in place. Nothing was written. Run it again.`,
      );
    renameSync(aside, UNFINISHED);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  finish();
}

/** Puts in place what an earlier run was allowed to and had no time for. Returns the files; none where there is nothing to do. */
export function finish(): string[] {
  removeAbandoned();
  if (!existsSync(UNFINISHED)) return [];
  const list = listSchema.safeParse(parsedJson(readFileSync(join(UNFINISHED, LIST), "utf8")));
  if (!list.success)
    throw new Failure(
      `${UNFINISHED} is not what init leaves behind. Nothing was written.\nRestore config/ from git, and delete ${UNFINISHED}.`,
    );
  for (const { file, mode, content } of list.data) {
    if (content === null) rmSync(file, { force: true });
    else {
      mkdirSync(dirname(file), { recursive: true, mode: mode === 0o600 ? 0o700 : 0o755 });
      writeAtomically(file, readFileSync(join(UNFINISHED, content)), mode);
    }
  }
  // By a rename too: a folder from which some files are gone would mean nothing.
  const done = `${UNFINISHED}.${process.pid}`;
  renameSync(UNFINISHED, done);
  rmSync(done, { recursive: true, force: true });
  return list.data.map(({ file }) => file);
}

/** Folders of killed runs, which hold keys that nothing uses. */
function removeAbandoned(): void {
  for (const name of readdirSync(".")) {
    const [, pid] = /^\.init\.(\d+)$/.exec(name) ?? [];
    if (pid && (Number(pid) === process.pid || !isAlive(Number(pid))))
      rmSync(name, { recursive: true, force: true });
  }
}
