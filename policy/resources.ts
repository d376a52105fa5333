import type { Json } from "../parity/json.ts";
import { shown } from "../parity/report/shown.ts";
import type { Subject, Violation } from "./rule.ts";

export type JsonObject = { readonly [key: string]: Json };

/** One resource of a stack. */
export interface Resource {
  readonly stack: string;
  readonly type: string;
  readonly id: string;
  /** Leads to it in the document: `resource.hcloud_volume.data`. */
  readonly path: string;
  readonly body: JsonObject;
}

/** What is wrong inside something, by the path of an attribute from there. */
export interface Objection {
  readonly at: string;
  readonly found: string;
}

type Maybe = Json | undefined;

const isList = (value: Maybe): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Maybe): value is JsonObject =>
  typeof value === "object" && value !== null && !isList(value);

/** The value if it is an object, else an empty one. */
export const object = (value: Maybe): JsonObject => (isObject(value) ? value : {});

/** The items of a list; a lone value is a list of one (Terraform takes a block either way). */
export const list = (value: Maybe): readonly Json[] =>
  isList(value) ? value : value === undefined || value === null ? [] : [value];

/** Whether Terraform computes the value: nobody can judge it before. `$${` and `%%{` are plain text. */
export const isExpression = (value: Maybe): boolean =>
  typeof value === "string" && /(?<!\$)\$\{|(?<!%)%\{/.test(value);

/** The value if it is a text that stands as it is: no expression. */
export const text = (value: Maybe): string | undefined =>
  typeof value === "string" && !isExpression(value) ? value : undefined;

/** The plain texts of a list. */
export const texts = (value: Maybe): string[] => list(value).flatMap((item) => text(item) ?? []);

/** Whether a value is there and plain, and not of the allowed form. */
export const isWrong = (value: Maybe, isAllowed: (value: Json) => boolean): boolean =>
  value !== undefined && value !== null && !isExpression(value) && !isAllowed(value);

/** Whether the value is a text of the pattern. */
export const matches =
  (pattern: RegExp) =>
  (value: Json): boolean =>
    typeof value === "string" && pattern.test(value);

/** The value as a reader may see it. Not for what may be a secret. */
export const show = (value: Maybe): string =>
  value === undefined || value === null ? "nothing" : shown(value, 80);

/** The resources of a type; a closing `*` stands for any rest: `hcloud_*`. */
export const resources = (subject: Subject, type: string): Resource[] =>
  Object.entries(object(object(subject.document).resource))
    .filter(([name]) => (type.endsWith("*") ? name.startsWith(type.slice(0, -1)) : name === type))
    .flatMap(([name, byId]) =>
      Object.entries(object(byId)).map(([id, body]) => ({
        stack: subject.stack,
        type: name,
        id,
        path: `resource.${name}.${id}`,
        body: object(body),
      })),
    );

/** The resources of a type in all stacks. */
export const everywhere = (subjects: readonly Subject[], type: string): Resource[] =>
  subjects.flatMap((subject) => resources(subject, type));

/** An objection if there is reason for one. */
export const when = (isBad: boolean, at: string, found: string): Objection[] =>
  isBad ? [{ at, found }] : [];

/** What is objected to inside something at `path` of a stack. */
export const inside = (stack: string, path: string, objections: readonly Objection[]): Violation[] =>
  objections.map(({ at, found }) => ({ stack, path: [path, at].filter(Boolean).join("."), found }));

/** A check that looks at each resource of a type on its own. */
export const each =
  (type: string, judge: (body: JsonObject, resource: Resource, subject: Subject) => Objection[]) =>
  (subjects: readonly Subject[]): Violation[] =>
    subjects.flatMap((subject) =>
      resources(subject, type).flatMap((resource) =>
        inside(resource.stack, resource.path, judge(resource.body, resource, subject)),
      ),
    );

/** Items by a key of theirs, in the order in which the keys come. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Every item but the first of those that share a key. */
export const repeated = <T>(items: readonly T[], keyOf: (item: T) => string): T[] =>
  [...groupBy(items, keyOf).values()].flatMap((group) => group.slice(1));
