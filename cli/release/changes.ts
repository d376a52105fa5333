import type { Environment } from "../../config/load/environment.ts";
import { CURRENT } from "../../host/machine-layout.ts";
import { Failure } from "../../lib/failure.ts";
import { printableLine } from "../../lib/printable.ts";
import { shortened } from "../../lib/text.ts";
import { connectToMachine, isKnown, type TargetOptions } from "../shared/target.ts";
import { type Contents, environmentContents, MANIFEST } from "./contents.ts";

/** What a release would change on a machine. */
export interface ReleaseChanges {
  readonly environment: string;
  /** Why it is not known here; the rest is empty then. */
  readonly unknown?: string;
  /** Plain values that differ: `LOGIN_LIMIT: 10 -> 20`. */
  readonly values: readonly string[];
  /** Other files of the release, with a sign: `~ caddy/sites.caddy`. */
  readonly files: readonly string[];
}

const VALUES = "olympus.env";
const SEPARATOR = "-- values";
const READ = `cat ${CURRENT}/${MANIFEST} 2>/dev/null; echo '${SEPARATOR}'; cat ${CURRENT}/${VALUES} 2>/dev/null; true`;

/**
 * Asks the machine what it serves and compares it with what this checkout would bring. Changes nothing, and never asks: a machine
 * whose host key is not known here is not asked.
 */
export async function releaseChanges(
  env: Environment,
  options: TargetOptions,
  contentsOf = environmentContents,
): Promise<ReleaseChanges> {
  const environment = env.name;
  const none = { environment, values: [], files: [] };
  try {
    if (!options.hostKey && !(await isKnown(environment, options)))
      return { ...none, unknown: `this computer has never connected to its machine` };
    const remote = await connectToMachine(environment, options);
    try {
      return { environment, ...releaseDifferences((await remote.run(READ)).stdout, contentsOf(env)) };
    } finally {
      await remote.close();
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...none, unknown: error.message.split("\n")[0] ?? "" };
  }
}

/** The differences between what a machine serves, as it answers, and what a release would bring. */
export function releaseDifferences(
  answer: string,
  contents: Contents,
): Pick<ReleaseChanges, "values" | "files"> {
  const [manifest = "", values = ""] = answer.split(`${SEPARATOR}\n`);
  const fileOf = (path: string): string => contents.files.find((file) => file.path === path)?.content ?? "";
  return {
    values: differences(
      entries(values, VALUE),
      entries(fileOf(VALUES), VALUE),
      (key, before, after) => `${key}: ${before ?? "(none)"} -> ${after ?? "(none)"}`,
    ),
    files: differences(
      entries(manifest, SUM),
      entries(fileOf(MANIFEST), SUM),
      (path, before, after) => `${before === undefined ? "+" : after === undefined ? "-" : "~"} ${path}`,
    ).filter((line) => line !== `~ ${VALUES}`),
  };
}

const VALUE = /^(?<key>[A-Z][A-Z0-9_]*)=(?<value>.*)$/;
const SUM = /^(?<value>[0-9a-f]{64}) {2}(?<key>.+)$/;

const entries = (text: string, form: RegExp): Map<string, string> =>
  new Map(
    text.split("\n").flatMap((line) => {
      const { key, value } = form.exec(line)?.groups ?? {};
      return key !== undefined && value !== undefined ? [[key, value] as const] : [];
    }),
  );

/** A line for each key whose values differ, in the order of the keys; the machine's words obey no terminal. */
function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  line: (key: string, before: string | undefined, after: string | undefined) => string,
): string[] {
  const short = (value: string | undefined) => value && shortened(value, 60);
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => printableLine(line(key, short(before.get(key)), short(after.get(key)))));
}

const SHOWN = 12;
const listed = (lines: readonly string[]): string[] => [
  ...lines.slice(0, SHOWN).map((text) => `      ${text}`),
  ...(lines.length > SHOWN ? [`      and ${lines.length - SHOWN} more`] : []),
];

/** Whether a release would change anything, as far as it is known. */
export const bringsChanges = ({ unknown, values, files }: ReleaseChanges): boolean =>
  unknown !== undefined || values.length + files.length > 0;

/** What a release would change, for a terminal. */
export function releaseChangesText(changes: ReleaseChanges): string {
  const { environment, unknown, values, files } = changes;
  const title = `release of ${environment}:`;
  if (unknown !== undefined)
    return `${title} not known here (${unknown}). \`./olympus release ${environment} --dry-run\` asks the machine`;
  if (!bringsChanges(changes)) return `${title} no changes`;
  return [
    `${title} ${values.length} values, ${files.length} files`,
    ...listed(values),
    ...listed(files),
  ].join("\n");
}
