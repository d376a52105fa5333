import { existsSync, readFileSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ImagePin, imageReference } from "../../host/images.ts";
import { cacheDirectory, testRegistry } from "../../lib/process-env.ts";
import type { Progress } from "../../lib/progress.ts";
import { ensureProgram, type GoProgramName, type ProgramName } from "../programs/programs.ts";
import { type ImageProgram, type ImageSource, isInReach, runCommandOf, takeOut } from "./image-programs.ts";
import { recipeOf } from "./image-recipes.ts";

/**
 * Where the programs under test come from, decided once a run: those of an image by their name, where its registry answered.
 * What has none is built here.
 */
export interface Origins {
  /** Whether it answered, by the registry's name. */
  readonly registries: Readonly<Record<string, boolean>>;
  readonly images: Readonly<Partial<Record<ProgramName, ImageProgram>>>;
}

/** Of this checkout: two runs side by side may decide differently. */
const FILE = "build/origins.json";

/** The Go program that an image is made of; undefined for Postgres, our stand-ins and the edge, which is always built. */
export function goProgramIn(repository: string): GoProgramName | undefined {
  const recipe = recipeOf(repository);
  if (recipe === "containerfile" || recipe.from === "postgres" || recipe.from === "stand-ins")
    return undefined;
  return recipe.from;
}

const registryOf = ({ name }: ImagePin): string => name.split("/")[0] ?? "";

/**
 * Asks each image's registry once, for 2 s at most and all at the same time; what answers gives its programs, by digest where
 * the lock has one. Throws where a registry answers and an image cannot be had from it.
 */
export async function decideOrigins(
  pins: readonly ImagePin[],
  source: ImageSource,
  progress: Progress,
): Promise<Origins> {
  const own = pins.filter(({ name }) => goProgramIn(name) !== undefined);
  const names = [...new Set(own.map(registryOf))].sort();
  const answered = await Promise.all(
    names.map(async (name) => [name, await isInReach(name, source)] as const),
  );
  const registries = Object.fromEntries(answered);
  const images: Partial<Record<ProgramName, ImageProgram>> = {};
  for (const pin of own.filter((one) => registries[registryOf(one)])) {
    const recipe = recipeOf(pin.name);
    const program = goProgramIn(pin.name);
    if (program && recipe !== "containerfile")
      images[program] = await takeOut(imageReference(pin), recipe.path, source, progress);
  }
  return { registries, images };
}

/** The images' own registries, or the one that `OLYMPUS_TEST_REGISTRY` names. */
export const ownSource = (): ImageSource => ({
  mirror: testRegistry(),
  folder: join(cacheDirectory(), "image-programs"),
});

/** Keeps the decision for this run of tests. */
export async function keepOrigins(origins: Origins): Promise<void> {
  await mkdir(dirname(FILE), { recursive: true });
  await writeFile(FILE, JSON.stringify(origins, null, 2));
}

/** The decision that was kept; everything is built here without one. */
export const keptOrigins = (): Origins =>
  existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Origins) : { registries: {}, images: {} };

/** Puts a program under test into a root file system, as `/usr/local/bin/<name>`. */
export async function installUnderTest(name: ProgramName, root: string, progress: Progress): Promise<void> {
  const target = join(root, "usr/local/bin", name);
  const image = keptOrigins().images[name];
  if (!image?.loader) {
    const program = image ? join(image.root, image.path) : await ensureProgram(name, progress);
    await copyFile(program, target);
    return chmod(target, 0o755);
  }
  const place = `/opt/images/${name}`;
  await rm(join(root, place), { recursive: true, force: true });
  await cp(image.root, join(root, place), { recursive: true, verbatimSymlinks: true });
  const words = runCommandOf(image, place).map((word) => `'${word}'`);
  await writeFile(target, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, { mode: 0o755 });
}
