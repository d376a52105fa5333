import { isDeepStrictEqual } from "node:util";
import { parseDocument } from "yaml";
import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { type ReleaseChanges, releaseDifferences } from "../../release/changes.ts";
import type { Contents } from "../../release/contents.ts";
import { servedOf } from "../../release/served.ts";
import type { RenderedTree } from "./rendered-tree.ts";

/** What comes to another value from one version to the next, a line each. */
export interface UpgradeChanges {
  /** Resources by stack: `~ hcloud_firewall.firewall: rule`. */
  readonly stacks: Readonly<Record<string, readonly string[]>>;
  readonly images: readonly string[];
  /** Plain values and files of each environment's release; undefined where the version cannot be asked. */
  readonly releases?: Readonly<Record<string, Omit<ReleaseChanges, "environment" | "unknown">>>;
}

type Named = Readonly<Record<string, unknown>>;

/** Everything that differs between two renderings. */
export function upgradeChanges(before: RenderedTree, after: RenderedTree): UpgradeChanges {
  const stacks = changesByName(before.stacks, after.stacks, (was, is) =>
    lines(
      was,
      is,
      (address, from, to) => `~ ${address}: ${differingKeys(from as Named, to as Named).join(", ")}`,
    ),
  );
  const [was, is] = [before.release, after.release];
  if (!was || !is) return { stacks, images: [] };
  return {
    stacks,
    images: lines(was.images, is.images, (name, from, to) => `${name}: ${from} -> ${to}`),
    releases: Object.fromEntries(
      Object.entries(is.releases).map(([name, files]) => [
        name,
        releaseChangesOf(was.releases[name] ?? [], files),
      ]),
    ),
  };
}

type Files = NonNullable<RenderedTree["release"]>["releases"][string];

function releaseChangesOf(before: Files, after: Files) {
  const served = (files: Files) => servedOf({ files: files as Contents["files"] });
  return releaseDifferences(served(before), served(after));
}

const differingKeys = (a: Named, b: Named): string[] =>
  keys(a, b).filter((key) => !isDeepStrictEqual(a[key], b[key]));

const keys = (a: Named, b: Named): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();

const changesByName = (
  a: Readonly<Record<string, Named>>,
  b: Readonly<Record<string, Named>>,
  of: (a: Named, b: Named) => string[],
) =>
  Object.fromEntries(
    keys(a, b)
      .map((name) => [name, of(a[name] ?? {}, b[name] ?? {})] as const)
      .filter(([, changed]) => changed.length),
  );

/** `+ key`, `- key`, or what `changed` says of it. */
const lines = (a: Named, b: Named, changed: (key: string, from: unknown, to: unknown) => string): string[] =>
  differingKeys(a, b).map((key) =>
    key in a ? (key in b ? changed(key, a[key], b[key]) : `- ${key}`) : `+ ${key}`,
  );

const secretRows = z.array(z.looseObject({ key: z.string() }));

/** Keys of secrets.keys.yaml that come and go. Throws a {@link Failure} where that is not what it holds. */
export function secretChanges(before: string, after: string): string[] {
  return lines(
    secretsIn(before),
    secretsIn(after),
    (key, from, to) => `~ ${key}: ${differingKeys(from as Named, to as Named).join(", ")}`,
  );
}

function secretsIn(text: string): Named {
  const document = parseDocument(text);
  const rows = secretRows.safeParse(document.errors.length ? undefined : (document.toJS() ?? [])).data;
  if (!rows)
    throw new Failure("host/release/secrets.keys.yaml of one of the two does not hold a list of keys.");
  return Object.fromEntries(rows.map((row) => [row.key, row]));
}

/** What an operator must do: the entries of a changelog that say so in bold and that the earlier one lacks. */
export function newTasks(before: string, after: string): string[] {
  const entries = (text: string): string[] =>
    text
      .split(/\n(?=- )|\n\n|\n(?=#)/)
      .filter((entry) => entry.startsWith("- "))
      .map((entry) => entry.replace(/\s+/g, " ").trim());
  const known = new Set(entries(before));
  return entries(after).filter((entry) => entry.includes("**") && !known.has(entry));
}
