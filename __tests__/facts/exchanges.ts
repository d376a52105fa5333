import type { HttpClient } from "../../cli/shared/http-client.ts";
import { recordedFile } from "./catalogue.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One request to the recorded Kratos, and what it answered. */
export interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly url: string; readonly body?: Json };
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Json;
}

export const EXCHANGES = JSON.parse(recordedFile("kratos-http.json")) as readonly Exchange[];

export function exchange(name: string): Exchange {
  const found = EXCHANGES.find((one) => one.name === name);
  if (!found) throw new Error(`no exchange is called ${name}`);
  return found;
}

type Step = string | number;

/** Every fact that an answer tells: its status and each value of its body, by the way to it. */
export const factsOf = ({ body }: Exchange): readonly (readonly Step[])[] => [
  ["status"],
  ...leaves(body).map((way) => ["body", ...way]),
];

function leaves(value: Json): readonly (readonly Step[])[] {
  const inside: [Step, Json][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : [];
  if (inside.length === 0) return [[]];
  return inside.flatMap(([step, item]) => leaves(item).map((way) => [step, ...way]));
}

/** The same exchange with one fact told otherwise, and, of a body, with it left out. */
export function mutantsOf(one: Exchange, way: readonly Step[]): readonly Exchange[] {
  if (way[0] === "status") return [one.status + 1, 500].map((status) => ({ ...one, status }));
  const at = way.slice(1);
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

function otherwise(value: Json): Json {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return typeof value === "string" ? `${value}-otherwise` : "otherwise";
}

const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]+/, "");

/** Kratos with these recorded answers, each given once and in this order; a request that was not recorded so is refused. */
export function replayed(exchanges: readonly Exchange[]): HttpClient {
  const left = [...exchanges];
  let flow: string | undefined;
  return async (method, path, call) => {
    const next = left.shift();
    const { request, status, headers, body } = next ?? exchange("ready");
    // A flow has the id that the answer before told, and a page the size that the reader likes.
    const named = /[?&]flow=([^&]+)/.exec(path)?.[1];
    if (named !== flow) throw new Error(`the flow is ${flow}, and ${named} was asked for`);
    flow = path.endsWith("/api") ? (next?.body as { id?: string } | undefined)?.id : undefined;
    const [asked, known] = [path, pathOf(request.url)].map((text) =>
      decodeURIComponent(text).replace(/(flow|page_size)=[^&]+/, "$1="),
    );
    if (!next || request.method !== method || asked !== known)
      throw new Error(`${method} ${path} is not what was recorded: ${request.method} ${request.url}`);
    const pairs = headers.map((line) => [line.split(": ")[0]?.toLowerCase(), line.split(": ")[1]]);
    return { status, headers: Object.fromEntries(pairs), text: withIdsOf(call?.body, request.body, body) };
  };
}

/** Ids that the sender chooses stand in the answer as well: those of this request in the place of the recorded ones. */
function withIdsOf(sent: unknown, recordedBody: Json | undefined, answer: Json): string {
  const ids = (body: unknown): string[] =>
    ((body as { identities?: { patch_id: string }[] } | undefined)?.identities ?? []).map((p) => p.patch_id);
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  return ids(recordedBody).reduce((all, id, i) => all.replaceAll(id, ids(sent)[i] ?? id), text);
}
