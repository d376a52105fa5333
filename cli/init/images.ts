import { type ConfigSource, shipped } from "../../config/index.ts";
import type { Base } from "../../config/load/schema.ts";
import type { Answers } from "./answers.ts";

/** Name of the edge's image, which the workflow of a repository pushes. Registries know no capital letters. */
const edgeName = (repository: unknown): string => `ghcr.io/${String(repository).toLowerCase()}/edge`;

/** Name of the edge's image before and after; undefined where it is none of the repository's own, or stays. */
export function edgeRename(
  { repository }: Answers,
  current: ConfigSource = shipped,
): { from: string; to: string } | undefined {
  const base = current.base as Base;
  const [from, to] = [edgeName(base.repository), edgeName(repository)];
  return base.images.caddy.name === from && from !== to ? { from, to } : undefined;
}

/** The pins of images, with the edge's under the repository's own name. */
export function imagesFor(answers: Answers, current: ConfigSource = shipped): Base["images"] {
  const { images } = current.base as Base;
  const rename = edgeRename(answers, current);
  return rename ? { ...images, caddy: { ...images.caddy, name: rename.to } } : images;
}
