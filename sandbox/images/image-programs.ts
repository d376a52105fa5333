import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { recipeKey } from "../../lib/cache.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureProgram } from "../programs/programs.ts";
import { architecture } from "./oci.ts";

/** Where images come from and where they are unpacked. */
export interface ImageSource {
  /** `address:port` of a registry, over plain HTTP, that is asked in the place of each name's own. */
  readonly mirror: string | undefined;
  readonly folder: string;
}

/** A program as its image carries it. */
export interface ImageProgram {
  readonly reference: string;
  /** Digest that the registry gave for the reference, of the image or of the list that it stands in. */
  readonly digest: string;
  /** The image's whole file system, unpacked. */
  readonly root: string;
  /** Path of the program inside. */
  readonly path: string;
  /** Path inside of what loads it; undefined where the program needs nothing else. */
  readonly loader: string | undefined;
}

const PATIENCE_MS = 2000;

/** Where Docker's public names are served. */
const API_HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

/** Whether a registry answers within 2 s; it may ask who we are. `host`: as an image's name begins. */
export async function isInReach(host: string, { mirror }: Pick<ImageSource, "mirror">): Promise<boolean> {
  const url = mirror ? `http://${mirror}/v2/` : `https://${API_HOSTS[host] ?? host}/v2/`;
  try {
    return [200, 401].includes((await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })).status);
  } catch {
    return false;
  }
}

/** ELF names the loader of a program that is not static near its begin. */
const loaderOf = (binary: string): string | undefined =>
  /\/lib(?:64)?\/ld-[\w.-]+/.exec(readFileSync(binary).subarray(0, 4096).toString("latin1"))?.[0];

/** Takes the file system out of a published image, by its digest. Throws with crane's own words. */
export async function takeOut(
  reference: string,
  path: string,
  { mirror, folder }: ImageSource,
  progress: Progress,
): Promise<ImageProgram> {
  const crane = await ensureProgram("crane", progress);
  const asked = mirror ? `${mirror}/${reference}` : reference;
  const insecure = mirror ? ["--insecure"] : [];
  // What is pinned may be a list of images: its own digest is what the lock has.
  const { stdout: digest } = await execa(crane, ["digest", ...insecure, asked]);
  const target = join(folder, `${process.arch}-${recipeKey([reference, digest])}`);
  if (!existsSync(target))
    await step(progress, `take ${path} out of ${reference}`, async () => {
      await mkdir(folder, { recursive: true });
      const aside = await mkdtemp(`${target}.`);
      const tar = join(aside, "image.tar");
      await execa(crane, ["export", ...insecure, "--platform", `linux/${architecture()}`, asked, tar]);
      await execa("tar", ["-C", aside, "--no-same-owner", "-xf", tar]);
      await rm(tar);
      await rename(aside, target);
    });
  return { reference, digest, root: target, path, loader: loaderOf(join(target, path)) };
}

const LIBRARIES = ["lib", "usr/lib", "usr/local/lib", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"];

/** The words that run it, with its own loader and libraries, where its file system lies at `root`. */
export const runCommandOf = ({ path, loader }: ImageProgram, root: string): string[] =>
  loader
    ? [
        join(root, loader),
        "--library-path",
        LIBRARIES.map((folder) => join(root, folder)).join(":"),
        join(root, path),
      ]
    : [join(root, path)];
