import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAtomically } from "../../lib/files.ts";

/** Writes a file and makes its folder, unless it holds just that already. */
export async function writeIfChanged(file: string, text: string, mode = 0o644): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
  await mkdir(dirname(file), { recursive: true });
  writeAtomically(file, text, mode);
}
