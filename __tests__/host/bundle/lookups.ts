import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FILES } from "./values.ts";

/** Names of all ${…} in a text. */
export const names = (text: string): string[] =>
  [...text.matchAll(/\$\{([A-Z0-9_]+)[^}]*\}/g)].map((m) => m[1] ?? "");
/** Paths of all files below a folder of the bundle. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(join(FILES, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath ?? e.path, e.name).slice(FILES.length + 1));
