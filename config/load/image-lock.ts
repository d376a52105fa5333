import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { parsedJson } from "../../lib/json.ts";
import { imageLockPath } from "../../lib/process-env.ts";
import { field } from "./fields.ts";
import type { Base } from "./schema.ts";

type Pin = Base["images"]["postgres"];

/** Digests that registries gave, by `name:tag`: a pin that gets another tag has none until it is locked anew. */
export const imageLockSchema = field(
  z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/)),
  "name:tag and its digest, as `./olympus images lock` writes them",
  "restore the file from git, or run `./olympus images lock`",
);
export type ImageLock = z.infer<typeof imageLockSchema>;

export const lockKey = ({ name, tag }: Pick<Pin, "name" | "tag">): string => `${name}:${tag}`;

/** What the lock file holds, before it is believed; nothing is locked where there is none. */
export function imageLock(): unknown {
  const file = imageLockPath();
  if (!existsSync(file)) return {};
  const text = readFileSync(file, "utf8");
  return parsedJson(text) ?? text;
}

/** The pins with the digests of the lock; one that names a digest itself keeps it. */
export const withDigests = (images: Base["images"], lock: ImageLock): Base["images"] =>
  Object.fromEntries(
    Object.entries(images).map(([name, pin]) => {
      const digest = pin.digest ?? lock[lockKey(pin)];
      return [name, digest ? { ...pin, digest } : pin];
    }),
  ) as Base["images"];
