import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { BundleFile } from "./bundle-file.ts";

export const BOOTSTRAP = join("host", "bootstrap");

const read = (name: string): string => readFileSync(join(BOOTSTRAP, name), "utf8");

let text: string | undefined;

/** What a new machine is told at its first boot, with its files in it; the volume's id is a slot. Read once. */
export function cloudConfig(): string {
  // A JSON string is a YAML scalar: no indenting by hand.
  text ??= read("cloud-config.yaml").replaceAll(/\{\{file ([\w.-]+)\}\}/g, (_, name: string) =>
    JSON.stringify(read(name)),
  );
  return text;
}

interface WrittenFile {
  readonly path: string;
  readonly content: string;
  /** cloud-init's default is 0644. */
  readonly permissions?: string;
}

/**
 * The same for a machine that is there: `bootstrap/files` holds each file that the first boot wrote, at its path, and
 * `bootstrap/cloud-config.yaml` says what the first boot did besides. `bin/olympus-bootstrap` brings them.
 */
export function bootstrapFiles(): BundleFile[] {
  const { write_files } = parse(cloudConfig()) as { write_files: readonly WrittenFile[] };
  return [
    { path: "bootstrap/cloud-config.yaml", content: read("cloud-config.yaml"), mode: 0o644 },
    ...write_files.map(
      ({ path, content, permissions }): BundleFile => ({
        path: `bootstrap/files${path}`,
        content,
        mode: permissions === "0755" ? 0o755 : 0o644,
      }),
    ),
  ];
}
