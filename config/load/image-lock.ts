import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { parsedJson } from "../../lib/json.ts";
import { imageLockPath } from "../../lib/process-env.ts";
import { field } from "./fields.ts";
import type { Base } from "./schema.ts";

type Pin = Base["images"]["postgres"];

const locked = z.strictObject({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** Processors that its manifest names. */
  architectures: z.array(z.string()).readonly(),
});

/** What registries said, by `name:tag`: a pin that gets another tag has nothing until it is locked anew. */
export const imageLockSchema = field(
  z.record(z.string(), locked),
  "name:tag, its digest and its processors, as `./olympus images lock` writes them",
  "restore the file from git, or run `./olympus images lock`",
);
export type ImageLock = z.infer<typeof imageLockSchema>;
export type LockedPin = ImageLock[string];

/** A pin as far as it is known what it means. */
export interface KnownImage extends Pin {
  /** Processors that its manifest names; unknown until it is locked. */
  readonly architectures?: readonly string[] | undefined;
}
export type Images = Readonly<Record<keyof Base["images"], KnownImage>>;

export const lockKey = ({ name, tag }: Pick<Pin, "name" | "tag">): string => `${name}:${tag}`;

/** What the lock file holds, before it is believed; nothing is locked where there is none. */
export function imageLock(): unknown {
  const file = imageLockPath();
  if (!existsSync(file)) return {};
  const text = readFileSync(file, "utf8");
  return parsedJson(text) ?? text;
}

/** The pins, with the repository's name where theirs says `{repository}`. Registries know no capital letters. */
export const ownImages = ({ images, repository }: Pick<Base, "images" | "repository">): Base["images"] =>
  Object.fromEntries(
    Object.entries(images).map(([key, pin]) => [
      key,
      { ...pin, name: pin.name.replace("{repository}", repository.toLowerCase()) },
    ]),
  ) as Base["images"];

/** The pins with what the lock knows of them. One that names a digest itself keeps it, and nobody knows its processors. */
export const withDigests = (images: Base["images"], lock: ImageLock): Images =>
  Object.fromEntries(
    Object.entries(images).map(([name, pin]): [string, KnownImage] => [
      name,
      pin.digest ? pin : { ...pin, ...lock[lockKey(pin)] },
    ]),
  ) as Record<keyof Base["images"], KnownImage>;

/** Names of the images of which nobody has read a manifest. */
export const unreadImages = (images: Images): string[] =>
  Object.entries(images).flatMap(([name, { architectures }]) => (architectures ? [] : [name]));
