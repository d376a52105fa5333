import { readFileSync } from "node:fs";
import { execa } from "execa";
import { SCHEMA_IMAGES } from "../../../host/images.ts";
import { Failure } from "../../../lib/failure.ts";
import { isSchemaFile, type Schema } from "./schema.ts";

const FILES = "host/release/";
const PINS = "config/images.ts";
const LOCK = "config/images.lock.json";

/** Paths and contents of a commit, or of the files as they lie here. */
interface Tree {
  readonly paths: readonly string[];
  read(path: string): Promise<string>;
}

/**
 * What the shape of the tables follows from in a commit; without one in the checkout as it lies there. Throws a
 * {@link Failure} when git does not know the commit.
 */
export async function databaseSchemaOf(commit?: string): Promise<Schema> {
  const { paths, read } = commit ? await commitTree(commit) : await checkoutTree();
  const [pins, lock] = [await read(PINS), paths.includes(LOCK) ? JSON.parse(await read(LOCK)) : {}];
  const files = paths.filter((path) => path.startsWith(FILES) && isSchemaFile(path.slice(FILES.length)));
  const entries = files.map(async (path) => [path.slice(FILES.length), await read(path)] as const);
  return {
    ...Object.fromEntries(
      SCHEMA_IMAGES.map((name) => [`IMAGE_${name.toUpperCase()}`, pinOf(pins, lock, name)]),
    ),
    ...Object.fromEntries(await Promise.all(entries)),
  };
}

/** What a lock says of a pin; until 2026-11 it was the digest alone, and old commits are read too. */
type EarlierPin = string | { readonly digest: string };

/** The reference of an image, read from the text of config/images.ts: that of another commit cannot be run here. */
export function pinOf(text: string, lock: Readonly<Record<string, EarlierPin>>, image: string): string {
  const pin = text.match(new RegExp(`^\\s*${image}: \\{([^}]*)\\}`, "m"))?.[1] ?? "";
  const field = (name: string) => pin.match(new RegExp(`\\b${name}: "([^"]+)"`))?.[1];
  const [name, tag] = [field("name"), field("tag")];
  const locked = lock[`${name}:${tag}`];
  const digest = field("digest") ?? (typeof locked === "object" ? locked.digest : locked);
  return digest ? `${name}@${digest}` : `${name}:${tag}`;
}

const git = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await execa("git", args, { reject: false, stripFinalNewline: false });
  if (exitCode === 0) return stdout;
  throw new Failure(
    `git ${args.join(" ")}: ${stderr.trim()}\nA checkout of a workflow is shallow: fetch-depth must reach the commit.`,
  );
};
const list = async (...args: string[]) =>
  (await git(...args, "--", FILES, PINS, LOCK)).split("\n").filter(Boolean);

async function commitTree(commit: string): Promise<Tree> {
  // A leading dash would be an option.
  if (!/^[0-9A-Za-z][\w./^~-]*$/.test(commit)) throw new Failure(`--base ${commit} is not a valid commit`);
  return {
    paths: await list("ls-tree", "-r", "--name-only", commit),
    read: (path) => git("show", `${commit}:${path}`),
  };
}

const checkoutTree = async (): Promise<Tree> => ({
  paths: await list("ls-files"),
  read: async (path) => readFileSync(path, "utf8"),
});
