import { z } from "zod";
import { type Api, ApiFailure } from "./api.ts";
import { Diagnosed } from "./diagnostics.ts";
import type { ResourceKind } from "./kind.ts";
import { refreshed, settled } from "./plan.ts";
import type { Attributes } from "./schema.ts";
import { fromJsonObject, toJsonObject, type Value, type Values } from "./values.ts";

const object = z.record(z.string(), z.unknown());

/** What the API holds for this object now, or null when it is gone. */
export async function readResource(
  kind: ResourceKind,
  attributes: Attributes,
  api: Api,
  state: Values,
): Promise<Values | null> {
  try {
    const json = kind.fetch
      ? await kind.fetch(api, state)
      : object.parse(await api.call("GET", kind.read(state)));
    return named(kind, refreshed(kind, attributes, state, json));
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return null;
    throw error;
  }
}

/** Creates or updates the object and answers its new state. */
export async function writeResource(
  kind: ResourceKind,
  attributes: Attributes,
  api: Api,
  planned: Values,
  isNew: boolean,
): Promise<Values> {
  const call = isNew ? kind.create : kind.update;
  if (!call) throw new Diagnosed("Update is not possible", "Every change of this resource replaces it.");
  const answer = kind.write
    ? await kind.write(api, attributes, planned)
    : await api.call(call.method, call.path(planned), bodyOf(kind, attributes, planned));
  const json = object.parse(Array.isArray(answer) ? answer[0] : answer);
  return named(kind, settled(attributes, planned, fromJsonObject(attributes, json)));
}

/** Destroys the object; that it is gone already is no error. */
export async function removeResource(kind: ResourceKind, api: Api, state: Values): Promise<void> {
  if (!kind.remove) return;
  try {
    await api.call("DELETE", kind.remove(state));
  } catch (error) {
    if (!(error instanceof ApiFailure && error.status === 404)) throw error;
  }
}

/** The state of an existing object, found by an import id such as `<zone_id>/<id>`. */
export async function importResource(
  kind: ResourceKind,
  attributes: Attributes,
  api: Api,
  id: string,
): Promise<Values> {
  const names = [...kind.imports.matchAll(/<(\w+)>/g)].map(([, name]) => String(name));
  const form = new RegExp(`^${kind.imports.replace(/<\w+>/g, "([^/]+)")}$`);
  const parts = form.exec(id)?.slice(1);
  if (!parts)
    throw new Diagnosed("invalid ID", `expected urlencoded segments "${kind.imports}", got "${id}"`);
  const address = Object.fromEntries(
    names.map((name, index) => [name, decodeURIComponent(parts[index] ?? "")]),
  );
  const state = await readResource(kind, attributes, api, { ...fromJsonObject(attributes, {}), ...address });
  if (!state) throw new Diagnosed("Cannot import non-existent remote object", `Nothing is at ${id}.`);
  return state;
}

const named = (kind: ResourceKind, state: Values): Values =>
  kind.named === undefined ? state : { ...state, id: state[kind.named] as Value };

/** Everything that the configuration can set, without what the path says already. */
function bodyOf(kind: ResourceKind, attributes: Attributes, values: Values): unknown {
  const answersOnly = Object.keys(attributes).filter(
    (name) => !attributes[name]?.required && !attributes[name]?.optional,
  );
  const json = toJsonObject(attributes, values, [...kind.address, ...answersOnly]);
  return kind.body ? kind.body(json) : json;
}
