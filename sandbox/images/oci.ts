import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Failure } from "../../lib/failure.ts";

/** Label of an image that is not what its name says; its value is what it really is. */
export const STAND_IN_LABEL = "olympus.stand-in";

/** The part of an image's configuration that a container run looks at (OCI image spec, config.md). */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Record<string, Record<string, never>>;
  readonly Volumes?: Record<string, Record<string, never>>;
  readonly StopSignal?: string;
  readonly Labels?: Record<string, string>;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const PREFIX = "application/vnd.oci.image";

/** Node's names of processors -> those of the OCI specification. */
const ARCHITECTURES: Partial<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** This machine's processor, as images name it. Throws for one that has no images. */
export const architecture = (): string => {
  const name = ARCHITECTURES[process.arch];
  if (name) return name;
  throw new Failure(`There are no images for ${process.arch}: the machine runs on amd64 or arm64.`);
};

const blobPath = (layout: string, digest: string): string =>
  join(layout, "blobs", "sha256", digest.replace("sha256:", ""));

const digestOfFile = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest("hex")}`;
};

const addLayer = async (layout: string, tar: string): Promise<Descriptor> => {
  const digest = await digestOfFile(tar);
  await copyFile(tar, blobPath(layout, digest));
  return { mediaType: `${PREFIX}.layer.v1.tar`, digest, size: (await stat(tar)).size };
};

const addJson = async (layout: string, mediaType: string, value: unknown): Promise<Descriptor> => {
  const text = JSON.stringify(value);
  const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  await writeFile(blobPath(layout, digest), text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
};

/**
 * Writes an image of one or more tarballs as an OCI layout into `layout`. Layers stay uncompressed: their
 * digest is then also the one of their content, and nothing leaves the machine.
 */
export const writeImage = async (
  layout: string,
  tars: readonly string[],
  config: ImageConfig,
): Promise<void> => {
  await mkdir(join(layout, "blobs", "sha256"), { recursive: true });
  const layers: Descriptor[] = [];
  for (const tar of tars) layers.push(await addLayer(layout, tar));
  const described = await addJson(layout, `${PREFIX}.config.v1+json`, {
    architecture: architecture(),
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
  });
  const manifestType = `${PREFIX}.manifest.v1+json`;
  const manifest = await addJson(layout, manifestType, {
    schemaVersion: 2,
    mediaType: manifestType,
    config: described,
    layers,
  });
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await writeFile(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
};
