import { createHash } from "node:crypto";
import type { Environment } from "../../config/load/environment.ts";
import { bundle } from "../../host/bundle.ts";
import type { BundleFile } from "../../host/bundle-file.ts";
import { releaseParts } from "../../host/release-parts.ts";
import { valueFile } from "../../host/values.ts";

/** What one release puts onto a machine. */
export interface Contents {
  /** SHA-256 of the manifest, and so of every path, mode and byte. */
  readonly hash: string;
  /** Files without the manifest itself. */
  readonly count: number;
  readonly files: readonly BundleFile[];
}

/** Checksums of all other files, in the form of sha256sum. */
export const MANIFEST = "SHA256SUMS";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Everything of an environment but its secrets: bundle, plain values and the units only it has. */
export function environmentContents(env: Environment): Contents {
  const { bundle, values, units } = releaseParts(env);
  return contents([
    ...bundle,
    // So that a machine can say what it serves as `olympus soak` does.
    { path: "bundle.sha256", content: `${contents(bundle).hash}\n`, mode: 0o644 },
    { path: "olympus.env", content: valueFile(values), mode: 0o644 },
    ...Object.entries(units).map(([name, content]) => ({
      path: `systemd/${name}`,
      content,
      mode: 0o644 as const,
    })),
  ]);
}

/** Hash of what is the same in every environment: the bundle without plain values. Names what soaks and is promoted. */
export const bundleHash = (env: Environment): string => contents(bundle(env)).hash;

/** Adds the manifest. The order of the files does not matter; two of one path are an error. */
export function contents(files: readonly BundleFile[]): Contents {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const twice = sorted.find(({ path }, index) => sorted[index + 1]?.path === path);
  if (twice) throw new Error(`${twice.path} is in the release twice`);
  const manifest = sorted.map(({ path, content }) => `${sha256(content)}  ${path}\n`).join("");
  // sha256sum knows no modes, so they count beside it.
  const modes = sorted.map(({ mode }) => mode.toString(8)).join(" ");
  return {
    hash: sha256(`${manifest}${modes}\n`),
    count: sorted.length,
    files: [...sorted, { path: MANIFEST, content: manifest, mode: 0o644 }],
  };
}

/** Checksum of the manifest as it lies on the machine. */
export const manifestSum = ({ files }: Contents): string =>
  sha256(files.find(({ path }) => path === MANIFEST)?.content ?? "");

/** `20261124T093000Z-<12 hex digits of the hash>`: sorts by time, names its contents. */
export const releaseId = (now: Date, { hash }: Contents): string =>
  `${now.toISOString().replace(/[-:]|\.\d+/g, "")}${idSuffix({ hash })}`;

/** How the ids of all releases with these contents end. */
export const idSuffix = ({ hash }: Pick<Contents, "hash">): string => `-${hash.slice(0, 12)}`;
