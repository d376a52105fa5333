import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached, recipeKey, withLock } from "./cache.ts";
import { cacheDirectory, childEnvironment } from "./process-env.ts";
import { type Progress, step } from "./progress.ts";

/** A program that is built from its Go module. */
export interface GoProgram {
  /** Go module, and the version of it that the module proxy serves. */
  readonly module: string;
  readonly version: string;
  /** Package inside the module that holds `main`; unset means the module's root. */
  readonly main?: string;
  /** Variable that takes the version, so that `--version` answers it. */
  readonly versionVariable?: string;
  /** Variable that the project's own releases set, `path=value`. */
  readonly releaseVariable?: string;
  /** Module whose `replace` line points at a folder that the published module leaves out. */
  readonly dropReplace?: string;
  /** Build tags, comma between. */
  readonly tags?: string;
  /** Files beside those of the published module: their text by path. */
  readonly adds?: Readonly<Record<string, string>>;
  /** Folder that the source embeds and the published module leaves out; made here with a word in it. */
  readonly emptyFolder?: string;
}

/** Static, no cgo; GOWORK off so that a workspace above the folder cannot interfere. */
const goEnvironment = childEnvironment({ CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-buildvcs=false" });

/** Runs `go` in `folder`; on failure the error carries the compiler's own output. */
export const go = async (folder: string, ...args: string[]): Promise<string> =>
  (await execa("go", args, { cwd: folder, env: goEnvironment, extendEnv: false })).stdout;

const moduleSource = async (program: GoProgram, folder: string): Promise<void> => {
  const answer = await go(folder, "mod", "download", "-json", `${program.module}@${program.version}`);
  const { Dir } = JSON.parse(answer) as { Dir: string };
  // The module cache is read-only; the build needs the module's own replace lines, so `go install` is no way.
  await cp(Dir, folder, { recursive: true });
  await execa("chmod", ["-R", "u+w", folder]);
  if (program.emptyFolder) {
    await mkdir(join(folder, program.emptyFolder), { recursive: true });
    await writeFile(
      join(folder, program.emptyFolder, "README"),
      "The web pages are not part of this build.\n",
    );
  }
  for (const [path, text] of Object.entries(program.adds ?? {})) await writeFile(join(folder, path), text);
  if (program.dropReplace) await go(folder, "mod", "edit", `-dropreplace=${program.dropReplace}`);
};

/** Static, stripped binary of package `main` in `folder`, written to `target`. */
export const compile = async (
  folder: string,
  target: string,
  {
    main = ".",
    ldflags = "",
    tags = "",
  }: { main?: string | undefined; ldflags?: string; tags?: string | undefined } = {},
): Promise<void> => {
  const flags = ["-mod=mod", "-trimpath", "-ldflags", `-s -w${ldflags}`, "-tags", tags];
  await go(folder, "build", ...flags, "-o", target, main);
};

const build = async (name: string, program: GoProgram, folder: string): Promise<void> => {
  const source = join(folder, "source");
  await mkdir(source);
  await moduleSource(program, source);
  const version = program.versionVariable && `${program.versionVariable}=${program.version}`;
  const ldflags = [version, program.releaseVariable].map((set) => (set ? ` -X ${set}` : "")).join("");
  await compile(source, join(folder, name), { main: program.main, ldflags, tags: program.tags });
  await rm(source, { recursive: true, force: true });
};

/** One build at a time on this machine: two Go builds side by side are slower than one after the other. */
const oneAtATime = <T>(work: () => Promise<T>): Promise<T> =>
  withLock(join(cacheDirectory(), "programs", "build.lock"), work);

const FOLDER = "programs";
const keyOf = (name: string, program: GoProgram): string =>
  `${name}-${program.version}-${process.arch}-${recipeKey(program)}`;

/**
 * Absolute path of a static binary, built from the Go module proxy on first use (10 s to 2 min each).
 * Throws when `go` is missing or the build fails, with the compiler's output.
 */
export const buildGoProgram = async (
  name: string,
  program: GoProgram,
  progress: Progress,
): Promise<string> => {
  const folder = await cached(FOLDER, keyOf(name, program), (aside) =>
    oneAtATime(() => step(progress, `build ${name} ${program.version}`, () => build(name, program, aside))),
  );
  return join(folder, name);
};

/** Path of the binary if it was built before; builds nothing. */
export function builtGoProgram(name: string, program: GoProgram): string | undefined {
  const file = join(cacheDirectory(), FOLDER, keyOf(name, program), name);
  return existsSync(file) ? file : undefined;
}
