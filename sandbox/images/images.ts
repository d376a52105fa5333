import { chmod, copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, recipeKey } from "../../lib/cache.ts";
import { compile } from "../../lib/go-program.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureProgram } from "../programs/programs.ts";
import { ensureRootFileSystem } from "../programs/root-file-systems.ts";
import { ensureBaseLayer, packLayer } from "./base-layer.ts";
import { ensureEdgeImage } from "./edge-image.ts";
import { describeStandIn, type Recipe, recipeOf, repositoryOf } from "./image-recipes.ts";
import { STAND_IN_LABEL, writeImage } from "./oci.ts";

const HERE = join("sandbox", "images");

const PATH = "PATH=/usr/lib/postgresql/18/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const sourceText = async (folder: string): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => /\.(go|mod|sh)$/.test(name)).sort();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
};

/** The program that stands in for Hera, Athena, the site and pgAdmin, built on first use. */
export const ensureStandIn = async (progress: Progress): Promise<string> => {
  const source = join(HERE, "stand-ins");
  const key = `${process.arch}-${recipeKey(await sourceText(source))}`;
  const folder = await cached("stand-ins", key, (aside) =>
    step(progress, "build the stand-ins for Hera, Athena and the site", () =>
      compile(source, join(aside, "olympus-stand-in")),
    ),
  );
  return join(folder, "olympus-stand-in");
};

const binaryOf = ({ from }: Recipe, progress: Progress): Promise<string> => {
  if (from === "postgres") return Promise.resolve(join(HERE, "postgres", "entrypoint.sh"));
  return from === "stand-ins" ? ensureStandIn(progress) : ensureProgram(from, progress);
};

const programLayer = async (binary: string, path: string, folder: string): Promise<string> => {
  const root = join(folder, "root");
  const target = join(root, path);
  await mkdir(join(target, ".."), { recursive: true });
  await copyFile(binary, target);
  await chmod(target, 0o755);
  const tar = join(folder, "layer.tar");
  await packLayer(root, tar);
  return tar;
};

/**
 * Absolute path of the OCI layout for a public image reference, built from programs of this machine and
 * labelled with what it really is. Throws for a repository that has no recipe.
 */
export const ensureImage = async (reference: string, progress: Progress): Promise<string> => {
  const recipe = recipeOf(reference);
  if (recipe === "containerfile") return ensureEdgeImage(progress);
  const binary = await binaryOf(recipe, progress);
  const base = await (recipe.from === "postgres"
    ? ensureRootFileSystem("postgres-18", progress)
    : ensureBaseLayer(progress));
  const entrypoint = recipe.from === "postgres" ? await readFile(binary, "utf8") : binary;
  const repository = repositoryOf(reference);
  const key = `${repository.replaceAll("/", "_")}-${recipeKey([recipe, base, entrypoint])}`;
  const folder = await cached("images", key, async (aside) => {
    const layer = await programLayer(binary, recipe.path, join(aside));
    const { Env = [], ...config } = recipe.config;
    const Labels = { [STAND_IN_LABEL]: describeStandIn(reference) };
    await writeImage(join(aside, "layout"), [base, layer], { ...config, Env: [PATH, ...Env], Labels });
  });
  return join(folder, "layout");
};
