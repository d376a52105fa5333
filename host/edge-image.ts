import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the edge's image: its Containerfile and the Go program that it builds. */
export const EDGE_FOLDER = join("host", "edge");

/** All that decides what is in the image, but for its base images. */
const SOURCES = ["Containerfile", "main.go", "go.mod", "go.sum"];

const sourceText = (file: string): string => readFileSync(join(EDGE_FOLDER, file), "utf8");

/** Version of Caddy in the image, such as `v2.11.9`. Throws when go.mod names none. */
export function caddyVersion(): string {
  const version = /^\tgithub\.com\/caddyserver\/caddy\/v2 (v\S+)$/m.exec(sourceText("go.mod"))?.[1];
  if (version) return version;
  throw new Error(`${EDGE_FOLDER}/go.mod names no version of Caddy: require github.com/caddyserver/caddy/v2`);
}

/** An image that the edge's is built from. */
interface EdgeBase {
  readonly name: string;
  readonly tag: string;
}

/** The only tag that what lies here may have: Caddy's version and eight digits of everything that is built. */
export function edgeTag(bases: Readonly<Record<string, EdgeBase>>): string {
  const hash = createHash("sha256");
  for (const file of SOURCES) hash.update(`${file}\n${sourceText(file)}\n`);
  for (const [use, { name, tag }] of Object.entries(bases)) hash.update(`${use} ${name}:${tag}\n`);
  return `${caddyVersion()}-${hash.digest("hex").slice(0, 8)}`;
}

/** What builds the edge's image, as `podman build` knows it. */
export interface EdgeBuild {
  /** Image with Go for the processor that builds. */
  readonly go: string;
  /** Image that the program is put on. */
  readonly system: string;
  /** Processors to build for; one that is not the machine's own needs no emulator. */
  readonly architectures: readonly string[];
}

/**
 * Arguments of `podman` that build the image. No container runs: steps get a changed root and no more, which a container of a
 * continuous integration allows as well. Files are dated 0, so that equal input gives an equal digest.
 */
export const edgeBuildArguments = ({ go, system, architectures }: EdgeBuild): string[] => [
  ...["build", "--isolation", "chroot", "--timestamp", "0"],
  ...["--platform", architectures.map((name) => `linux/${name}`).join(",")],
  ...["--build-arg", `GO_IMAGE=${go}`, "--build-arg", `BASE_IMAGE=${system}`],
];
