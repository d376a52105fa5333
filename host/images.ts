import type { Environment } from "../config/load/environment.ts";

type Pin = Environment["images"]["postgres"];

/** What says which image is meant. */
export type ImagePin = Pick<Pin, "name" | "tag" | "digest">;

/** Reference that podman pulls. The digest replaces the tag: together they are refused by some versions. */
export const imageReference = ({ name, tag, digest }: ImagePin): string =>
  digest ? `${name}@${digest}` : `${name}:${tag}`;

/** What `${IMAGE_…}` means in the compose files. */
export const imageValues = ({ images }: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(images).map(([name, pin]) => [
      `IMAGE_${name.replaceAll(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`,
      imageReference(pin),
    ]),
  );

/** The programs that change the shape of their tables when they come in another version. */
export const SCHEMA_IMAGES = ["kratos", "hydra"] as const;

/** Their versions, and those that work with the tables of each, itself among them (comma between): labels of their containers. */
export const tableValues = ({ images }: Environment): Record<string, string> =>
  Object.fromEntries(
    SCHEMA_IMAGES.flatMap((name) => [
      [`VERSION_${name.toUpperCase()}`, images[name].tag],
      [
        `SHARES_TABLES_${name.toUpperCase()}`,
        [images[name].tag, ...(images[name].sharesTablesWith ?? [])].join(","),
      ],
    ]),
  );

/** The pin by its tag alone: what is built on a machine of ours has another digest than the registry's. */
export const withoutDigest = ({ digest: _, ...pin }: Pin): Pin => pin;
