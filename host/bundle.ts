import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../config/load/environment.ts";
import { bootstrapFiles } from "./bootstrap.ts";
import type { BundleFile } from "./bundle-file.ts";
import { imageValues, tableValues } from "./images.ts";
import { valueFile } from "./values.ts";

const FILES = join("host", "release");

let shared: readonly BundleFile[] | undefined;

/** The files that are the same everywhere, as they lie in host/release. Read once. */
function sharedFiles(): readonly BundleFile[] {
  shared ??= readdirSync(FILES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(FILES.length + 1))
    .sort()
    .map((path) => ({
      path,
      content: readFileSync(join(FILES, path), "utf8"),
      mode: path.startsWith("bin/") ? 0o755 : 0o644,
    }));
  return shared;
}

/** Everything a release brings, but for the plain values and the secrets: byte by byte the same in every environment. */
export const bundle = (env: Environment): BundleFile[] => [
  ...sharedFiles(),
  ...bootstrapFiles(),
  { path: "images.env", content: valueFile({ ...imageValues(env), ...tableValues(env) }), mode: 0o644 },
];
