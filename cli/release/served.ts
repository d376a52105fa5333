import { parse } from "yaml";
import { z } from "zod";
import { CURRENT } from "../../host/machine-layout.ts";
import { type Contents, MANIFEST } from "./contents.ts";

/** What a release is made of, as far as two of them are compared. */
export interface ServedRelease {
  /** Plain values, by key. */
  readonly values: ReadonlyMap<string, string>;
  /** References of images, by the name that the compose files give them. */
  readonly images: ReadonlyMap<string, string>;
  /** SHA-256 of every file, by its path. */
  readonly sums: ReadonlyMap<string, string>;
  /** What the compose files say of each service, as JSON, merge keys resolved. */
  readonly services: ReadonlyMap<string, string>;
  /** Who reads a value: services and others, by its key. */
  readonly consumers: ReadonlyMap<string, readonly string[]>;
}

const VALUES = "olympus.env";
const IMAGES = "images.env";
const KEYS = "env.keys.yaml";
const COMPOSE = /^compose\.[a-z]+\.yaml$/;

/** Prints those files of a release on the machine which {@link parseServed} reads; nothing where it is not there. */
export const readRelease = (folder: string): string =>
  [
    `cd ${folder} 2>/dev/null || exit 0`,
    `for file in ${MANIFEST} ${VALUES} ${IMAGES} ${KEYS} compose.*.yaml; do`,
    '  echo "-- $file"; cat "$file" 2>/dev/null; echo',
    "done",
    "true",
  ].join("\n");

/** The same of the release that serves. */
export const READ_SERVED = readRelease(CURRENT);

/** Reads a machine's answer to {@link READ_SERVED}. It is what the machine says: a text that is no YAML declares no service. */
export function parseServed(answer: string): ServedRelease {
  const texts = answer.split(/^-- (?=\S+$)/m).map((part): [string, string] => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1)];
  });
  return read(new Map(texts));
}

/** The same of a release that is yet to come. */
export const servedOf = ({ files }: Pick<Contents, "files">): ServedRelease =>
  read(new Map(files.map(({ path, content }) => [path, content])));

const VALUE = /^(?<key>[A-Z][A-Z0-9_]*)=(?<value>.*)$/;
const SUM = /^(?<value>[0-9a-f]{64}) {2}(?<key>.+)$/;
const CONSUMERS = /^- \{ key: (?<key>[A-Z][A-Z0-9_]*), .*?consumers: \[(?<value>[^\]]*)\]/;

function read(texts: ReadonlyMap<string, string>): ServedRelease {
  const of = (path: string, form: RegExp) => entries(texts.get(path) ?? "", form);
  const compose = [...texts].filter(([path]) => COMPOSE.test(path)).map(([, text]) => text);
  return {
    values: of(VALUES, VALUE),
    images: of(IMAGES, VALUE),
    sums: of(MANIFEST, SUM),
    services: new Map(compose.flatMap(declaredServices)),
    consumers: new Map([...of(KEYS, CONSUMERS)].map(([key, names]) => [key, names.split(", ")])),
  };
}

const entries = (text: string, form: RegExp): Map<string, string> =>
  new Map(
    text.split("\n").flatMap((line) => {
      const { key, value } = form.exec(line)?.groups ?? {};
      return key !== undefined && value !== undefined ? [[key, value] as const] : [];
    }),
  );

const composeFile = z.object({ services: z.record(z.string(), z.unknown()) });

function declaredServices(text: string): [name: string, json: string][] {
  let document: unknown;
  try {
    document = parse(text, { merge: true });
  } catch {
    return [];
  }
  const { services = {} } = composeFile.safeParse(document).data ?? {};
  return Object.entries(services).map(([name, service]) => [name, JSON.stringify(service)]);
}
