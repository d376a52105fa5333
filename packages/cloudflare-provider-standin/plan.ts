import { isDeepStrictEqual } from "node:util";
import type { ResourceKind } from "./kind.ts";
import type { Attribute, Attributes } from "./schema.ts";
import {
  elementAt,
  fromJson,
  isObject,
  mapNested,
  objectOf,
  Unknown,
  unknown,
  type Value,
  type Values,
} from "./values.ts";

interface Planned {
  readonly state: Values;
  /** Attributes whose change needs a new object. */
  readonly replace: string[];
}

/**
 * Plans as Terraform's plugin framework does: defaults first; then, only if something differs from the prior
 * state, every computed attribute that the configuration leaves out becomes unknown, save those the kind keeps.
 */
export function planResource(
  kind: ResourceKind,
  attributes: Attributes,
  prior: Value,
  proposed: Values,
  config: Values,
): Planned {
  const wanted = withDefaults(kind, attributes, proposed, config);
  if (isObject(prior)) kind.alike?.(wanted, prior);
  if (isDeepStrictEqual(wanted, prior)) return { state: wanted, replace: [] };
  const state = withUnknowns(kind, attributes, wanted, config);
  const before = objectOf(prior);
  if (isObject(prior)) {
    for (const name of kind.keeps) if (config[name] == null) state[name] = before[name] ?? null;
  }
  kind.settle?.(state, before);
  if (!isObject(prior)) return { state, replace: [] };
  const replace = kind.replaces.filter((name) => !isDeepStrictEqual(state[name], prior[name]));
  return { state, replace };
}

/** The default of the attribute at `path`, where the provider declares one. */
function defaultOf(kind: ResourceKind, path: string, attribute: Attribute): Value | undefined {
  if (!Object.hasOwn(kind.defaults, path)) return undefined;
  return fromJson(attribute, kind.defaults[path]);
}

/** Null in the configuration, and a default declared: the default. */
export function withDefaults(
  kind: ResourceKind,
  attributes: Attributes,
  value: Values,
  config: Values,
  path = "",
): Values {
  const result: Values = { ...value };
  for (const [name, attribute] of Object.entries(attributes)) {
    const at = path + name;
    const fallback = config[name] == null ? defaultOf(kind, at, attribute) : undefined;
    const current = fallback === undefined ? (result[name] ?? null) : fallback;
    const { nesting_mode: mode, attributes: inner = {} } = attribute.nested_type ?? {};
    result[name] = mode
      ? mapNested(mode, current, (each, key) =>
          withDefaults(kind, inner, each, objectOf(elementAt(mode, config[name], key)), `${at}.`),
        )
      : current;
  }
  return result;
}

function withUnknowns(
  kind: ResourceKind,
  attributes: Attributes,
  value: Values,
  config: Values,
  path = "",
): Values {
  const result: Values = { ...value };
  for (const [name, attribute] of Object.entries(attributes)) {
    const at = path + name;
    const configured = config[name] ?? null;
    if (configured === null && attribute.computed && !Object.hasOwn(kind.defaults, at)) {
      result[name] = unknown;
      continue;
    }
    const { nesting_mode: mode, attributes: inner = {} } = attribute.nested_type ?? {};
    if (!mode || configured === null) continue;
    result[name] = mapNested(mode, result[name] ?? null, (each, key) =>
      withUnknowns(kind, inner, each, objectOf(elementAt(mode, configured, key)), `${at}.`),
    );
  }
  return result;
}

/** The planned value with every unknown taken from what the API answered; what it lacks becomes null. */
export function settled(attributes: Attributes, planned: Values, answer: Values): Values {
  const result: Values = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = planned[name] ?? null;
    const { nesting_mode: mode, attributes: inner = {} } = attribute.nested_type ?? {};
    if (value instanceof Unknown) result[name] = answer[name] ?? null;
    else if (!mode) result[name] = value;
    else {
      result[name] = mapNested(mode, value, (each, key) =>
        settled(inner, each, objectOf(elementAt(mode, answer[name], key))),
      );
    }
  }
  return result;
}

/** The prior state with everything that the API answers in its place; `stale` attributes stay as they were. */
export function refreshed(
  kind: ResourceKind,
  attributes: Attributes,
  prior: Values,
  json: Record<string, unknown>,
): Values {
  const result: Values = { ...prior };
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!Object.hasOwn(json, name) || kind.stale.includes(name)) continue;
    result[name] = fromJson(attribute, json[name]);
  }
  return withDefaults(kind, attributes, result, result);
}
