import { shipped } from "../../config/environments.ts";
import { crossChecks } from "../../config/load/checks.ts";
import { exampleValues } from "../../config/load/examples.ts";
import { identityProblems } from "../../config/load/identity-checks.ts";
import { type Problem, parse } from "../../config/load/problems.ts";
import {
  baseSchema,
  type MirrorOverlay,
  mirrorOverlaySchema,
  overlaySchema,
} from "../../config/load/schema.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { pathWith } from "../../lib/text.ts";
import { type Answers, identityKeys, sourceOf } from "./answers.ts";

/**
 * What is wrong with answers, by the rules of the configuration itself, and which values are still those of the example.
 * `file`: where the answers stand. Certificate requests are not looked at: they are made last.
 */
export function answerProblems(file: string, answers: Answers, current: ConfigSource = shipped): Problem[] {
  const source = sourceOf(answers, current);
  return problemsOf(source).map((problem) => inAnswers(file, source, problem));
}

function problemsOf(source: ConfigSource): Problem[] {
  const base = parse("config/base.ts", baseSchema, source.base);
  const overlays = [
    { name: source.reference[0], part: parsedOverlay(source.reference, true) },
    ...source.mirrors.map((mirror) => ({ name: mirror[0], part: parsedOverlay(mirror, false) })),
  ];
  const sound = overlays.flatMap(({ name, part }) =>
    "data" in part ? [{ name, overlay: part.data as MirrorOverlay }] : [],
  );
  const [reference, ...mirrors] = sound;
  return [
    ...[base, ...overlays.map(({ part }) => part)].flatMap((part) =>
      "problems" in part ? part.problems : [],
    ),
    ...("data" in base
      ? [
          ...identityProblems(
            base.data,
            overlays.map(({ name }) => name),
          ),
          ...crossChecks(
            base.data,
            sound.map(({ name, overlay }) => [name, overlay] as const),
            undefined,
          ),
          ...(reference ? exampleValues({ base: base.data, reference, mirrors }) : []),
        ]
      : []),
  ];
}

const parsedOverlay = ([name, overlay]: readonly [string, unknown], isReference: boolean) =>
  parse(`config/${name}.ts`, isReference ? overlaySchema : mirrorOverlaySchema, overlay);

/** The same problem where the person has written the value. */
function inAnswers(file: string, source: ConfigSource, problem: Problem): Problem {
  const names = [source.reference, ...source.mirrors].map(([name]) => name);
  const name = names.find((candidate) => problem.file === `config/${candidate}.ts`);
  if (problem.file === "config/base.ts")
    return { ...problem, file, allowed: problem.allowed.replace("environments, images, ", "environments, ") };
  if (!name) return problem;
  // Where it lists the keys of an environment's own file, the others of its block are allowed too.
  const allowed = problem.allowed.replace(/^domain, hostType, /, `${identityKeys.join(", ")}, $&`);
  return { ...problem, file, path: `${pathWith("environments", name)}.${problem.path}`, allowed };
}

/** Those of one place in the answers, and below. */
export const problemsAt = (problems: readonly Problem[], path: string): Problem[] =>
  problems.filter((problem) => problem.path === path || /^[.[]/.test(after(problem.path, path)));

const after = (whole: string, start: string): string =>
  whole.startsWith(start) ? whole.slice(start.length) : "";
