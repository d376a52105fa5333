import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Sources of the program by their path from the root. */
export type Sources = ReadonlyMap<string, string>;

/** Files that git knows or would take. */
export const TRACKED: readonly string[] = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
  {
    encoding: "utf8",
  },
)
  .split("\0")
  .filter(Boolean);

/** Every source file that somebody writes by hand, tests included. */
export const ALL_SOURCES: Sources = new Map(
  TRACKED.filter(
    (file) => /\.(ts|mjs|js|sh|py|go)$|^host\/release\/bin\//.test(file) && !file.includes("/golden/"),
  ).flatMap((file) => {
    try {
      return [[file, readFileSync(file, "utf8")] as const];
    } catch {
      // Deleted, and not yet committed.
      return [];
    }
  }),
);

/** The program itself: TypeScript that is no test. */
export const PROGRAM_SOURCES: Sources = new Map(
  [...ALL_SOURCES].filter(([file]) => file.endsWith(".ts") && !file.includes("__tests__/")),
);

/** Names that a file imports, as they are written. */
export const imports = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export)\s(?:[^;"]*?from )?"([^"]+)"|import\("([^"]+)"\)/gm)].map(
    (m) => m[1] ?? m[2] ?? "",
  );

/** Relative imports as paths from the root; packages of the workspace by their folder. */
export const targets = (file: string, text: string): string[] =>
  imports(text).flatMap((name) => {
    if (name.startsWith(".")) return [relative(".", join(dirname(file), name))];
    return ownPackage(name);
  });

/** The file behind a package of the workspace: lib is imported by file, the others are as a whole. */
function ownPackage(name: string): string[] {
  const [, folder, file] = /^@olympus-infra\/([^/]+)(?:\/(.+))?$/.exec(name) ?? [];
  if (!folder) return [];
  return [folder === "lib" ? `lib/${file}` : `packages/${folder}/${file ?? "index.ts"}`];
}

/** Files that import themselves by way of others. */
export function circles(sources: Sources): string[] {
  const next = new Map([...sources].map(([file, text]) => [file, targets(file, text)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(" -> "));
    if (at >= 0 || done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}
