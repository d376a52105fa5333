import { basename } from "node:path";
import { parseDocument } from "yaml";
import * as z from "zod";
import { shipped } from "../../config/environments.ts";
import type { Problem } from "../../config/load/problems.ts";
import { baseSchema, mirrorOverlaySchema } from "../../config/load/schema.ts";
import type { ConfigSource } from "../../config/load/source.ts";
import { Failure } from "../../lib/failure.ts";

export type Fields = Record<string, unknown>;

/**
 * The configuration as one document: config/base.ts without the pins of images, and below `environments` what each has to
 * itself together with its own file. So it is asked for, and so it stands in answers.yaml.
 */
export type Answers = Fields & { environments: Record<string, Fields> };

/** Names of the environments that config/environments.ts declares, the reference first. */
export const declaredEnvironments = ({ reference, mirrors }: ConfigSource = shipped): string[] =>
  [reference, ...mirrors].map(([name]) => name);

/** What an environment has to itself in config/base.ts. */
export const identityKeys = Object.keys(baseSchema.shape.environments.valueType.shape);

/** What the files of config/ say, as answers. */
export function answersOf(source: ConfigSource = shipped): Answers {
  const { images, environments, ...base } = source.base as Fields;
  const identities = (environments ?? {}) as Record<string, Fields>;
  const overlays = Object.fromEntries([source.reference, ...source.mirrors]) as Record<string, Fields>;
  const names = [...new Set([...Object.keys(overlays), ...Object.keys(identities)])];
  return structuredClone({
    ...base,
    environments: Object.fromEntries(names.map((name) => [name, { ...overlays[name], ...identities[name] }])),
  });
}

/** The files of config/ that answers mean. `current`: whose pins of images and order of environments they keep. */
export function sourceOf({ environments, ...base }: Answers, current: ConfigSource = shipped): ConfigSource {
  const part = (name: string, isIdentity: boolean): Fields =>
    Object.fromEntries(
      Object.entries(environments[name] ?? {}).filter(([key]) => identityKeys.includes(key) === isIdentity),
    );
  const identities = Object.keys(environments).filter((name) => Object.keys(part(name, true)).length);
  return {
    base: {
      ...base,
      images: (current.base as Fields).images,
      environments: Object.fromEntries(identities.map((name) => [name, part(name, true)])),
    },
    reference: [current.reference[0], part(current.reference[0], false)],
    mirrors: current.mirrors.map(([name]) => [name, part(name, false)] as const),
  };
}

/**
 * The answers of a YAML text on top of what is there: a key that it leaves out stays as it is, a map of names (zones, keys)
 * and a list are replaced as a whole, and null takes an optional key away.
 */
export function readAnswers(
  file: string,
  text: string,
  current: Answers,
): { answers: Answers; problems: Problem[]; given: Fields } {
  const document = parseDocument(text, { uniqueKeys: true });
  const given: unknown = document.errors.length ? undefined : document.toJS();
  if (!isBlock(given))
    throw new Failure(
      `${file} is not YAML with one map at its top${document.errors[0] ? `: ${document.errors[0].message}` : ""}. Nothing was written.\n\`./olympus init --answers\` prints such a file.`,
    );
  const { images, environments = {}, ...base } = given;
  const names = Object.keys(current.environments);
  const blocks = isBlock(environments) ? environments : {};
  const foreign = Object.keys(blocks).filter((name) => !names.includes(name));
  const problems: Problem[] = [
    ...("images" in given
      ? [problem(file, "images", "an unknown key", "no images", "pin them in config/images.ts")]
      : []),
    ...foreign.map((name) =>
      problem(
        file,
        `environments.${name}`,
        "an unknown environment",
        names.join(", "),
        "declare it first: a file as config/staging.ts is, and one line in config/environments.ts",
      ),
    ),
    ...(isBlock(environments)
      ? []
      : [problem(file, "environments", "not a map", names.join(", "), "write a block for each")]),
    ...names
      .filter((name) => name in blocks && !isBlock(blocks[name]))
      .map((name) =>
        problem(file, `environments.${name}`, "not a map", "domain, hostType, …", "write a map"),
      ),
  ];
  const known = Object.fromEntries(
    Object.entries(blocks).filter(([name, block]) => !foreign.includes(name) && isBlock(block)),
  );
  return {
    answers: merged(schemaOf(names), current, { ...base, environments: known }) as Answers,
    problems,
    given,
  };
}

const problem = (file: string, path: string, value: string, allowed: string, remedy: string): Problem => ({
  file: basename(file),
  path,
  value,
  allowed,
  remedy,
});

/** Of what a map may hold by name, nothing is known: so they are told apart from blocks of fixed keys. */
const schemaOf = (names: readonly string[]) => {
  const environment = z.object({
    ...baseSchema.shape.environments.valueType.shape,
    ...mirrorOverlaySchema.shape,
  });
  const environments = z.object(Object.fromEntries(names.map((name) => [name, environment])));
  return z.object({ ...baseSchema.shape, environments });
};

function merged(schema: unknown, current: unknown, given: unknown): unknown {
  const bare = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(bare instanceof z.ZodObject && isBlock(given))) return given;
  const from = isBlock(current) ? current : {};
  const all = Object.entries(given).map(([key, value]) => [key, merged(bare.shape[key], from[key], value)]);
  const result: Fields = { ...from, ...Object.fromEntries(all) };
  for (const key of Object.keys(given)) if (given[key] === null) delete result[key];
  return result;
}

export const isBlock = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
