import type { Fleet } from "../../config/index.ts";
import { type Contents, environmentContents } from "../release/contents.ts";
import { servedOf } from "../release/served.ts";
import { serviceLines } from "../release/service-changes.ts";
import { plain } from "./pull-request-markdown.ts";
import { renderTree } from "./upgrade/rendered-tree.ts";

type Files = Contents["files"];

/**
 * What the release after the merge would do to the services of each environment, where a release of `base` serves. Secrets are not
 * compared: only the machines have them. Markdown; nothing where no service is changed.
 */
export async function releasePrediction(base: string, { reference, mirrors }: Fleet): Promise<string> {
  const before = await renderTree(base, base);
  if ("refused" in before || !before.rendering.release)
    return "### Releases\n\nWhat serves now cannot be rendered, so what a release would touch is not known.";
  const { releases } = before.rendering.release;
  return predictionMarkdown(
    [reference, ...mirrors].map(({ name, environment }) => ({
      name,
      before: releases[name] as Files | undefined,
      after: environmentContents(environment).files,
    })),
  );
}

interface Compared {
  readonly name: string;
  /** Files of a release of the base; undefined where it does not declare that environment. */
  readonly before: Files | undefined;
  readonly after: Files;
}

/** The same of files that are at hand. */
export function predictionMarkdown(environments: readonly Compared[]): string {
  const parts = environments.map(({ name, before, after }) => ({
    name,
    lines: before
      ? serviceLines(servedOf({ files: before }), servedOf({ files: after }))
      : ["all of it is new"],
  }));
  // The last line of each says how many are not touched.
  const changed = parts.filter(({ lines }) => lines.length > 1 || lines[0]?.endsWith("new"));
  if (!changed.length) return "### Releases\n\nA release touches no service.";
  return [
    "### Releases",
    ...changed.map(({ name, lines }) =>
      [`**${name}**`, ...lines.map((line) => `- ${plain(line)}`)].join("\n"),
    ),
  ].join("\n\n");
}
