import { isDeepStrictEqual } from "node:util";
import { pathWith, shortened } from "../../../lib/text.ts";
import type { PlannedChange } from "./json.ts";

/** One attribute that differs. Texts are ready to be shown: cut, quoted, and hidden where they must be. */
export interface AttributeDifference {
  /** Such as `labels.environment` or `rules[0].expression`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A value before and after, with Terraform's masks for it. */
interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly sensitive: readonly [unknown, unknown];
}

export const HIDDEN = "(sensitive)";
export const UNKNOWN = "(known after apply)";
const WIDTH = 72;

/** Every leaf in which `change` differs. A text that holds one of `secrets` is hidden like a sensitive one. */
export function attributeDifferences(
  change: PlannedChange,
  secrets: readonly string[],
): AttributeDifference[] {
  const { before, after, after_unknown: unknown, before_sensitive, after_sensitive } = change;
  return walk({ before, after, unknown, sensitive: [before_sensitive, after_sensitive] }, "", secrets);
}

function walk(sides: Sides, path: string, secrets: readonly string[]): AttributeDifference[] {
  const { before, after, unknown, sensitive } = sides;
  if (unknown !== true && !sensitive.includes(true) && comparable(before, after))
    return keys(before, after, unknown).flatMap((key) =>
      walk(descend(sides, key), pathWith(path, Array.isArray(before) ? Number(key) : key), secrets),
    );
  if (!isMarked(unknown) && isDeepStrictEqual(before ?? null, after ?? null)) return [];
  const text = (value: unknown) => (sensitive.some(isMarked) ? HIDDEN : shown(value, secrets));
  return [{ path, before: text(before), after: unknown === true ? UNKNOWN : text(after) }];
}

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

/** Whether both have parts that can be compared one by one: lists only when they are equally long. */
const comparable = (a: unknown, b: unknown): boolean =>
  isNode(a) &&
  isNode(b) &&
  (Array.isArray(a) ? Array.isArray(b) && a.length === b.length : !Array.isArray(b));

const keys = (...values: readonly unknown[]): string[] => [
  ...new Set(values.flatMap((value) => (isNode(value) ? Object.keys(value) : []))),
];

const at = (value: unknown, key: string): unknown =>
  isNode(value) && Object.hasOwn(value, key) ? value[key] : undefined;

const descend = ({ before, after, unknown, sensitive: [was, is] }: Sides, key: string): Sides => ({
  before: at(before, key),
  after: at(after, key),
  unknown: at(unknown, key),
  sensitive: [at(was, key), at(is, key)],
});

/** Whether a mask says `true` anywhere. */
const isMarked = (mask: unknown): boolean =>
  mask === true || (isNode(mask) && Object.values(mask).some(isMarked));

function shown(value: unknown, secrets: readonly string[]): string {
  const text = JSON.stringify(value ?? null);
  if (secrets.some((secret) => text.includes(JSON.stringify(secret).slice(1, -1)))) return HIDDEN;
  return shortened(text, WIDTH);
}
