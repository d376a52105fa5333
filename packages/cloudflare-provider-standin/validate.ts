import { type AttributePath, attributePath, type Diagnostic, errorDiagnostic } from "./diagnostics.ts";
import type { ResourceKind } from "./kind.ts";
import { isObject, type Value, type Values } from "./values.ts";

/** The provider's own checks that matter to us: enumerations and "exactly one of". Unknown values pass. */
export function validateResource(kind: ResourceKind, config: Values): Diagnostic[] {
  const enumerations = Object.entries(kind.oneOf ?? {}).flatMap(([path, allowed]) =>
    found(config, path.split("."))
      .filter(({ value }) => typeof value === "string" && !allowed.includes(value.toLowerCase()))
      .filter(({ value }) => !allowed.includes(String(value).toUpperCase()))
      .map(({ value, steps }) => {
        const list = allowed.map((each) => `"${each}"`).join(", ");
        const detail = `Attribute ${path} value must be one of: [${list}], got: "${value}"`;
        return errorDiagnostic("Invalid Attribute Value Match", detail, { steps });
      }),
  );
  return [...enumerations, ...exactlyOne(kind, config)];
}

function exactlyOne({ exactlyOne: names }: ResourceKind, config: Values): Diagnostic[] {
  if (!names || names.filter((name) => config[name] != null).length === 1) return [];
  const detail = `Exactly one of these attributes must be configured: [${names.join(",")}]`;
  return [errorDiagnostic("Invalid Attribute Combination", detail)];
}

/** The values at a path of attribute names, through lists and sets. */
function found(
  value: Value | undefined,
  path: readonly string[],
  steps: AttributePath["steps"] = [],
): Found[] {
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => found(each, path, [...steps, { element_key_int: index }]));
  }
  const [name, ...rest] = path;
  if (name === undefined) return [{ value: value ?? null, steps }];
  return isObject(value) ? found(value[name], rest, [...steps, { attribute_name: name }]) : [];
}
interface Found {
  readonly value: Value;
  readonly steps: AttributePath["steps"];
}

/** A token that the real provider would refuse before its first request. */
export function validateProvider(config: Values): Diagnostic[] {
  const token = config.api_token;
  if (typeof token !== "string" || /[A-Za-z0-9-_]{40}/.test(token)) return [];
  const detail =
    "API tokens must be 40 characters long and only contain characters a-z, A-Z, 0-9, hyphens and underscores";
  return [errorDiagnostic("Invalid Attribute Value Match", detail, attributePath("api_token"))];
}
