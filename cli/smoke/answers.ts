import type { z } from "zod";
import { parsedJson } from "../../lib/json.ts";
import { expect, SmokeFailure } from "./check.ts";
import { type ClientResponse, headerValues, type SmokeClient } from "./client.ts";

/** How an answer is named in a finding: no query, which may hold a code or a state. */
export const nameOf = (url: URL): string => `${url.host}${url.pathname}`;

/** Why an answer is not the one that was hoped for, from what it shows. */
export function explainResponse(answer: ClientResponse): string {
  const said = `${nameOf(answer.url)} answered ${answer.status}`;
  const retry = headerValues(answer, "retry-after")[0];
  if (answer.status === 429)
    return `${said}: this address used up its requests; run again in ${retry ?? "some"} s`;
  if (answer.status === 403) return `${said}: closed to this address`;
  if (answer.status >= 520 && answer.status <= 527) return `${said}: Cloudflare does not reach the machine`;
  if (answer.status === 502) return `${said}: nothing listens behind Caddy`;
  return said;
}

/** A 200 whose body is JSON of this shape. */
export async function fetchJson<S extends z.ZodType>(
  client: SmokeClient,
  url: string,
  schema: S,
): Promise<z.infer<S>> {
  const answer = await client.send(url);
  expect(answer.status === 200, explainResponse(answer));
  const parsed = schema.safeParse(parseJson(answer));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SmokeFailure(
    `${nameOf(answer.url)}: ${issue?.path.join(".") || "the answer"}: ${issue?.message}`,
  );
}

function parseJson(answer: ClientResponse): unknown {
  const value = parsedJson(answer.body);
  if (value === undefined) throw new SmokeFailure(`${nameOf(answer.url)} did not answer with JSON`);
  return value;
}

/** Where a redirect leads, resolved against where it was given. Throws a Finding when the answer is none. */
export function location(answer: ClientResponse): URL {
  const [target] = headerValues(answer, "location");
  expect([301, 302, 303, 307, 308].includes(answer.status) && target !== undefined, explainResponse(answer));
  if (!URL.canParse(target, answer.url.href))
    throw new SmokeFailure(
      `${nameOf(answer.url)} redirects to ${JSON.stringify(target)}, which is not a valid URL`,
    );
  return new URL(target, answer.url);
}
