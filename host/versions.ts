import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const pin = z.strictObject({
  name: z.string().regex(/^[a-z0-9.-]+\.[a-z]+(\/[a-z0-9._-]+)+$/),
  tag: z.coerce.string().regex(/^\w[\w.-]{0,127}$/),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  architectures: z.array(z.enum(["arm64", "amd64"])).min(1),
});

/** One image: its registry name, the tag people read, and the digest that machines run once it is locked. */
export type Pin = z.infer<typeof pin>;
export type Versions = Readonly<Record<string, Pin>>;

/** The pins of `host/versions.yaml`. Throws with path and reason when the file is not as it should be. */
export function readVersions(text = readFileSync(join("host", "versions.yaml"), "utf8")): Versions {
  const result = z.record(z.string().regex(/^[a-z][a-zA-Z]*$/), pin).safeParse(parse(text));
  if (!result.success) throw new Error(`host/versions.yaml: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** Reference that podman pulls. The digest replaces the tag: together they are refused by some versions. */
export const reference = (image: Pin): string =>
  image.digest ? `${image.name}@${image.digest}` : `${image.name}:${image.tag}`;

/** Images without a digest: what runs under their tag may change between staging and prod. */
export const unlocked = (versions: Versions): string[] =>
  Object.keys(versions).filter((key) => versions[key]?.digest === undefined);

/** Text of `images.env` of a release: what `${IMAGE_…}` means in the compose files, a line an image. */
export function imagesEnv(versions: Versions): string {
  const key = (name: string): string => `IMAGE_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
  const lines = Object.entries(versions).map(([name, image]) => `${key(name)}=${reference(image)}\n`);
  return lines.sort().join("");
}
