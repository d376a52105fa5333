import type { Environment } from "../../config/load/environment.ts";
import { CURRENT, HISTORY } from "../../host/machine-layout.ts";
import { Failure } from "../../lib/failure.ts";
import { printableLine } from "../../lib/printable.ts";
import { shortened } from "../../lib/text.ts";
import { connectToMachine, isKnown, type TargetOptions } from "../shared/target.ts";
import { environmentContents } from "./contents.ts";
import { parseServed, READ_SERVED, type ServedRelease, servedOf } from "./served.ts";
import { serviceLines } from "./service-changes.ts";

/** What a release would change on a machine. */
export interface ReleaseChanges {
  readonly environment: string;
  /** Why it is not known here; the rest is empty then. */
  readonly unknown?: string;
  /** Plain values that differ: `LOGIN_LIMIT: 10 -> 20`. */
  readonly values: readonly string[];
  /** Other files of the release, with a sign: `~ caddy/sites.caddy`. */
  readonly files: readonly string[];
  /** What happens to each service: `caddy is reloaded: RATE_LIMIT_LOGIN_EVENTS`; the untouched ones by their number. */
  readonly services: readonly string[];
  /** A release was stopped after its switch: it is in place and was never seen to be healthy. */
  readonly isUnfinished?: boolean;
}

/** What is in place, then what became healthy last. */
const LAST = `basename "$(readlink ${CURRENT} || echo none)"; tail -n 1 ${HISTORY} 2>/dev/null | cut -d' ' -f1`;

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
  const none = { environment, values: [], files: [], services: [] };
  try {
    if (!options.hostKey && !(await isKnown(environment, options)))
      return { ...none, unknown: `this computer has never connected to its machine` };
    const remote = await connectToMachine(environment, options);
    try {
      const served = parseServed((await remote.run(READ_SERVED)).stdout);
      return {
        environment,
        ...releaseDifferences(served, servedOf(contentsOf(env))),
        isUnfinished: unfinished((await remote.run(LAST)).stdout),
      };
    } finally {
      await remote.close();
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...none, unknown: error.message.split("\n")[0] ?? "" };
  }
}

/** Whether what is in place never became healthy, as a machine answers. */
export function unfinished(answer: string): boolean {
  const [current = "", last = ""] = answer.split("\n");
  return current !== "none" && current !== last;
}

/** The differences between what serves and what a release would bring. */
export const releaseDifferences = (
  before: ServedRelease,
  after: ServedRelease,
): Pick<ReleaseChanges, "values" | "files" | "services"> => ({
  values: differences(
    before.values,
    after.values,
    (key, was, is) => `${key}: ${was ?? "(none)"} -> ${is ?? "(none)"}`,
  ),
  files: differences(
    before.sums,
    after.sums,
    (path, was, is) => `${was === undefined ? "+" : is === undefined ? "-" : "~"} ${path}`,
  ).filter((line) => line !== "~ olympus.env"),
  services: serviceLines(before, after),
});

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
export const bringsChanges = ({ unknown, values, files, isUnfinished }: ReleaseChanges): boolean =>
  unknown !== undefined || isUnfinished === true || values.length + files.length > 0;

/** What a release would change, for a terminal. */
export function releaseChangesText(changes: ReleaseChanges): string {
  const { environment, unknown, values, files, services, isUnfinished } = changes;
  const title = `release of ${environment}:`;
  if (unknown !== undefined)
    return `${title} not known here (${unknown}). \`./olympus release ${environment} --dry-run\` asks the machine`;
  if (!bringsChanges(changes)) return `${title} no changes`;
  return [
    `${title} ${values.length} values, ${files.length} files${isUnfinished ? "; the last one was stopped before it was healthy" : ""}`,
    ...listed(values),
    ...listed(files),
    ...services.map((line) => `    ${line}`),
  ].join("\n");
}
