import type { Json } from "../../parity/json.ts";
import { type Exchange, headerPair, headersOf } from "./exchanges.ts";

type Step = string | number;
export type Way = readonly Step[];

/**
 * Every fact that an answer tells: its status, its headers (of a redirect each parameter by itself) and each value of its
 * body, by the way to it.
 */
export const factsOf = (one: Exchange): readonly Way[] => [
  ["status"],
  ...[...new Set(one.headers.map((line) => headerPair(line)[0]))].map((name) => ["headers", name]),
  ...headersOf(one, "location").flatMap((place) =>
    [...placeIn(place).searchParams.keys()].map((key) => ["headers", "location", key]),
  ),
  ...leaves(one.body).map((way) => ["body", ...way]),
];

const placeIn = (location: string): URL => new URL(location, "https://here.invalid");

function leaves(value: Json): readonly Way[] {
  const inside: [Step, Json][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : [];
  if (inside.length === 0) return [[]];
  return inside.flatMap(([step, item]) => leaves(item).map((way) => [step, ...way]));
}

/** The same exchange with one fact told otherwise, and, but for a status, with it left out. */
export function mutantsOf(one: Exchange, [part, ...at]: Way): readonly Exchange[] {
  if (part === "status") return [one.status + 1, 500].map((status) => ({ ...one, status }));
  if (part === "headers") return mutantsOfHeader(one, String(at[0]), at[1] as string | undefined);
  if (at.length === 0) return [{ ...one, body: "otherwise" }];
  return [otherwise, () => undefined].map((change) => {
    const copy = structuredClone(one);
    let place = copy.body as Record<Step, Json | undefined>;
    for (const step of at.slice(0, -1)) place = place[step] as typeof place;
    const last = at.at(-1) ?? "";
    place[last] = change(place[last] ?? null);
    return copy;
  });
}

/** `parameter`: of a redirect; without one a redirect leads to another place, with all of them. */
function mutantsOfHeader(one: Exchange, header: string, parameter: string | undefined): readonly Exchange[] {
  const changed = (change: (value: string) => string | undefined): Exchange => ({
    ...one,
    headers: one.headers.flatMap((line) => {
      const [name, value] = headerPair(line);
      if (name !== header) return [line];
      const other = change(value);
      return other === undefined ? [] : [`${name}: ${other}`];
    }),
  });
  const place = (change: (url: URL) => void) =>
    changed((value) => {
      const url = placeIn(value);
      change(url);
      return url.href;
    });
  if (parameter !== undefined)
    return [
      place((url) => url.searchParams.set(parameter, `${url.searchParams.get(parameter)}-otherwise`)),
      place((url) => url.searchParams.delete(parameter)),
    ];
  const gone = changed(() => undefined);
  if (header === "location")
    return [place((url) => Object.assign(url, { host: "otherwise.invalid", pathname: "/otherwise" })), gone];
  return [changed((value) => value.replace("=", "=otherwise-")), gone];
}

function otherwise(value: Json): Json {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? `${value}-otherwise` : "otherwise";
}
