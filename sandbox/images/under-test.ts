import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { ImagePin } from "../../host/images.ts";
import { NotPrepared } from "../../lib/cache.ts";
import { stderrProgress } from "../../lib/progress.ts";
import { ensureProgram, PROGRAMS, type ProgramName } from "../programs/programs.ts";
import { runCommandOf } from "./image-programs.ts";
import { recipeOf } from "./image-recipes.ts";
import { goProgramIn, type Origins } from "./origins.ts";

/** One program of the bundle: what tests run, and what `config/images.ts` pins. */
export interface ProgramUnderTest {
  readonly program: string;
  /** What the program itself says; undefined where nothing of the kind was built here. */
  readonly tested: string | undefined;
  readonly pinned: string;
  /** Where the program under test comes from. */
  readonly source: string;
  /** `cannot match` has its reason in {@link CANNOT_MATCH}. */
  readonly state: "same" | "differs" | "cannot match" | "stand-in" | "not built";
}

/** Why a program under test is not the pinned one, where nothing that can be built here would be. */
export const CANNOT_MATCH: Readonly<Record<string, string>> = {
  kratos: "v26 was never published as a Go module; tests hold what was recorded of it (__tests__/facts)",
  hydra: "v26 was never published as a Go module; tests hold what was recorded of it (__tests__/facts)",
};

/** Prometheus' Go module counts v0.313.5 where its release is v3.13.5. */
const asReleased = (program: string, version: string): string =>
  program === "prometheus"
    ? version.replace(/^v0\.(\d+)(\d\d)\./, (_, a, b) => `v${a}.${Number(b)}.`)
    : version;

const numbersIn = (version: string): string[] =>
  /^v?(\d+(?:\.\d+)*)(?:-alpine|-[0-9a-f]{8})?$/.exec(version)?.[1]?.split(".") ?? [];

/** Whether the version is the pinned one, as far as the pin says: a pin of a major version says no more. */
export function isPinned(tested: string, pinned: string): boolean {
  const [runs, wanted] = [numbersIn(tested), numbersIn(pinned)];
  return wanted.length > 0 && wanted.every((number, i) => runs[i] === number);
}

const ASK: Partial<Record<ProgramName, string>> = {
  kratos: "version",
  hydra: "version",
  caddy: "version",
  mailpit: "version",
};

/** The version that a program tells of itself, as a release is named. */
async function versionOf(name: ProgramName, { images }: Origins): Promise<string | undefined> {
  const image = images[name];
  const words = image ? runCommandOf(image, image.root) : [await ensureProgram(name, stderrProgress)];
  const [file = "", ...args] = [...words, ASK[name] ?? "--version"];
  const { stdout, stderr } = await execa(file, args, { reject: false, timeout: 10_000 });
  const told = /(?:^|\s)v?(\d+\.\d+\.\d+)\b/.exec(`${stdout}\n${stderr}`)?.[1];
  return told && asReleased(name, `v${told}`);
}

/** Version of Debian's Postgres in an unpacked root file system, without Debian's own part. */
const postgresIn = (root: string): string | undefined =>
  /^Package: postgresql-18\n(?:.+\n)*?Version: ([\d.]+)/m.exec(
    readFileSync(join(root, "var/lib/dpkg/status"), "utf8"),
  )?.[1];

/** Programs of the sandbox's images that are not what is pinned, in words for `status`. */
export const builtInstead = (pins: Readonly<Record<string, ImagePin>>): string[] =>
  Object.entries(pins).flatMap(([program, { name, tag }]) => {
    const from = goProgramIn(name);
    const version = from && asReleased(program, PROGRAMS[from].version);
    return version && !isPinned(version, tag) ? [`${program} ${version} in the place of ${tag}`] : [];
  });

/** What tests run of one pinned image. `postgresRoot`: gives the folder of the root file system with Postgres. */
export async function programUnderTest(
  program: string,
  { name, tag, digest }: ImagePin,
  postgresRoot: () => Promise<string>,
  origins: Origins,
): Promise<ProgramUnderTest> {
  const recipe = recipeOf(name);
  const from = recipe === "containerfile" ? "caddy" : recipe.from;
  const row = (tested: string | undefined, source: string, state: ProgramUnderTest["state"]) => ({
    program,
    tested,
    pinned: tag,
    source,
    state,
  });
  if (from === "stand-ins") return row(undefined, "a small program of ours", "stand-in");
  const image = from === "postgres" ? undefined : origins.images[from];
  const source = image
    ? `image ${image.reference}`
    : from === "postgres"
      ? "package of Debian 13"
      : from === "caddy"
        ? "image of host/edge"
        : "source of its Go module";
  try {
    const tested = from === "postgres" ? postgresIn(await postgresRoot()) : await versionOf(from, origins);
    // A digest says what is meant; the tag is then a name for people.
    if (image && digest === image.digest) return row(tested, source, "same");
    if (tested && isPinned(tested, tag)) return row(tested, source, "same");
    return row(tested, source, program in CANNOT_MATCH && !image ? "cannot match" : "differs");
  } catch (error) {
    if (error instanceof NotPrepared) return row(undefined, source, "not built");
    throw error;
  }
}
