import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file aside and switches, unless it holds just that already. */
export async function writeIfChanged(file: string, text: string, mode = 0o644): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
  await mkdir(dirname(file), { recursive: true });
  const aside = `${file}.new`;
  await writeFile(aside, text, { mode });
  await chmod(aside, mode);
  await rename(aside, file);
}
