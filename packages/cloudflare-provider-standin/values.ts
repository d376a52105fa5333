import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";
import type { Attribute, Attributes, Nesting, Type } from "./schema.ts";

/** A value that Terraform will know only after apply. */
export class Unknown {
  readonly isUnknown = true;
}
export const unknown = new Unknown();

/** A value as it travels in the protocol. A `dynamic` is `[type as JSON bytes, value]`. */
export type Value = null | boolean | number | bigint | string | Uint8Array | Unknown | Value[] | Values;
export interface Values {
  [name: string]: Value;
}

const extensions = new ExtensionCodec();
extensions.register({
  type: 0,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => unknown,
});
// An unknown that Terraform knows something about (a prefix, "not null"): the refinement is of no use here.
extensions.register({ type: 12, encode: () => null, decode: () => unknown });
const encoder = new Encoder({ extensionCodec: extensions });
const decoder = new Decoder({ extensionCodec: extensions });

/** The protocol's DynamicValue. */
export interface Wire {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}
export const pack = (value: Value): Wire => ({ msgpack: encoder.encode(value) });
export const unpack = (wire: Wire | null | undefined): Value =>
  wire?.msgpack?.length ? (decoder.decode(wire.msgpack) as Value) : null;

export const isObject = (value: Value | undefined): value is Values =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Unknown) &&
  !(value instanceof Uint8Array);

/** The object, or an empty one for null and unknown. */
export const objectOf = (value: Value | undefined): Values => (isObject(value) ? value : {});

/** Applies `change` to each object of a nested attribute; `key` finds the same element in another value. */
export function mapNested(
  mode: Nesting,
  value: Value,
  change: (element: Values, key: string | number) => Value,
): Value {
  if (Array.isArray(value)) return value.map((each, index) => (isObject(each) ? change(each, index) : each));
  if (!isObject(value)) return value;
  if (mode === "single") return change(value, "");
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, isObject(each) ? change(each, key) : each]),
  );
}

/** The element of a nested attribute under the key that `mapNested` gave. */
export function elementAt(mode: Nesting, value: Value | undefined, key: string | number): Value {
  if (mode === "single") return value ?? null;
  if (Array.isArray(value)) return value[Number(key)] ?? null;
  return objectOf(value)[key] ?? null;
}

/** How a `dynamic` is written in JSON: plain in an API's answer, `{type, value}` in Terraform's state file. */
type DynamicForm = (json: unknown) => Value;
const plain: DynamicForm = (json) => [Buffer.from(JSON.stringify(typeOf(json))), json as Value];
const inState: DynamicForm = (json) => {
  const { type, value } = json as { type: unknown; value: Value };
  return [Buffer.from(JSON.stringify(type)), value];
};

/** Plain JSON to a value of the attribute: every key present, strings for JSON that the schema calls text. */
export function fromJson(attribute: Attribute, json: unknown, dynamic: DynamicForm = plain): Value {
  if (json === null || json === undefined) return null;
  if (!attribute.nested_type) return typed(attribute.type ?? "dynamic", json, dynamic);
  const { nesting_mode: mode, attributes = {} } = attribute.nested_type;
  const one = (each: unknown) => fromJsonObject(attributes, each, dynamic);
  if (mode === "single") return one(json);
  if (Array.isArray(json)) return json.map(one);
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, one(each)]));
}

/** Plain JSON to an object with every attribute of the schema. */
export function fromJsonObject(attributes: Attributes, json: unknown, dynamic: DynamicForm = plain): Values {
  const source: Record<string, unknown> = typeof json === "object" && json !== null ? { ...json } : {};
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, fromJson(attribute, source[name], dynamic)]),
  );
}

/** An object of Terraform's state file, which may lack attributes that the schema has. */
export const fromState = (attributes: Attributes, json: unknown): Values =>
  fromJsonObject(attributes, json, inState);

function typed(type: Type, json: unknown, dynamic: DynamicForm): Value {
  if (json === null || json === undefined) return null;
  if (type === "string") return typeof json === "string" ? json : JSON.stringify(json);
  if (type === "dynamic") return dynamic(json);
  if (typeof type === "string") return json as Value;
  if (type[0] === "object") {
    const fields: Record<string, unknown> = { ...(json as object) };
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, of]) => [name, typed(of, fields[name], dynamic)]),
    );
  }
  const of = type[1];
  if (Array.isArray(json)) return json.map((each) => typed(of, each, dynamic));
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, typed(of, each, dynamic)]));
}

/** The Terraform type of a JSON value, keys in order, as Terraform itself writes it. */
function typeOf(json: unknown): unknown {
  if (json === null || json === undefined) return "dynamic";
  if (Array.isArray(json)) return ["tuple", json.map(typeOf)];
  if (typeof json === "object") {
    const fields = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
    return ["object", Object.fromEntries(fields.map(([name, each]) => [name, typeOf(each)]))];
  }
  return typeof json === "boolean" ? "bool" : typeof json;
}

/** A value to plain JSON for a request: nulls and unknowns left out. */
export function toJson(attribute: Attribute, value: Value): unknown {
  if (value === null || value instanceof Unknown) return undefined;
  if (!attribute.nested_type) return attribute.type === "dynamic" && Array.isArray(value) ? value[1] : value;
  const { nesting_mode: mode, attributes = {} } = attribute.nested_type;
  const one = (each: Value) => toJsonObject(attributes, objectOf(each));
  if (mode === "single") return one(value);
  if (Array.isArray(value)) return value.map(one);
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, each]) => [key, one(each)]));
}

/** An object to plain JSON without `omit`. */
export function toJsonObject(attributes: Attributes, value: Values, omit: readonly string[] = []) {
  const entries = Object.entries(attributes)
    .filter(([name]) => !omit.includes(name))
    .map(([name, attribute]) => [name, toJson(attribute, value[name] ?? null)] as const)
    .filter(([, json]) => json !== undefined);
  return Object.fromEntries(entries);
}
