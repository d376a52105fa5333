import type { HttpClient } from "../../cli/shared/http-client.ts";
import type { Json } from "../../parity/json.ts";
import { type Exchange, headerPair, isSameRequest } from "./exchanges.ts";

/** A program with these recorded answers, each given once and in this order; a request that was not recorded so is refused. */
export function replayed(exchanges: readonly Exchange[]): HttpClient {
  const left = [...exchanges];
  let flow: string | undefined;
  return async (method, path, call) => {
    const next = left.shift();
    // A flow has the id that the answer before told.
    const named = /[?&]flow=([^&]+)/.exec(path)?.[1];
    if (named !== flow) throw new Error(`the flow is ${flow}, and ${named} was asked for`);
    flow = path.endsWith("/api") ? (next?.body as { id?: string } | undefined)?.id : undefined;
    const form = call?.body instanceof URLSearchParams ? call.body.toString() : undefined;
    if (!next || !isSameRequest(next, { method, path, form, cookie: call?.headers?.cookie }))
      throw new Error(
        `${method} ${path} is not what was recorded: ${next?.request.method} ${next?.request.url}`,
      );
    const { status, headers, body, request } = next;
    return { status, headers: asReceived(headers), text: withIdsOf(call?.body, request.body, body) };
  };
}

/** Headers as Node gives them: those of cookies in a list. */
function asReceived(lines: readonly string[]): Record<string, string | string[]> {
  const pairs = lines.map(headerPair);
  const cookies = pairs.flatMap(([name, value]) => (name === "set-cookie" ? [value] : []));
  return { ...Object.fromEntries(pairs), ...(cookies.length && { "set-cookie": cookies }) };
}

/** Ids that the sender chooses stand in the answer as well: those of this request in the place of the recorded ones. */
function withIdsOf(sent: unknown, recordedBody: Json | undefined, answer: Json): string {
  const ids = (body: unknown): string[] =>
    ((body as { identities?: { patch_id: string }[] } | undefined)?.identities ?? []).map((p) => p.patch_id);
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  return ids(recordedBody).reduce((all, id, i) => all.replaceAll(id, ids(sent)[i] ?? id), text);
}
