import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";

/** One entry of `errors` in an answer of the Cloudflare v4 API. */
export interface ErrorEntry {
  readonly code: number;
  readonly message: string;
  readonly source?: { readonly pointer: string };
  readonly error_chain?: readonly ErrorEntry[];
}

/** A request that the API refuses: thrown anywhere, answered as an envelope. */
export class ApiRefusal extends Error {
  readonly status: ContentfulStatusCode;
  readonly problem: ErrorEntry;
  readonly headers: Record<string, string>;

  constructor(status: ContentfulStatusCode, problem: ErrorEntry, headers: Record<string, string> = {}) {
    super(`${problem.code}: ${problem.message}`);
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }
}

/** Shorthand for the common refusal; `pointer` is the JSON pointer of the value at fault. */
export const refuse = (status: ContentfulStatusCode, code: number, message: string, pointer?: string) =>
  new ApiRefusal(status, pointer === undefined ? { code, message } : { code, message, source: { pointer } });

/** A successful answer. */
export const ok = (c: Context, result: unknown, info?: Record<string, number>) =>
  c.json({ result, success: true, errors: [], messages: [], ...(info && { result_info: info }) });

/** A refused answer. */
export const failed = (c: Context, refusal: ApiRefusal) =>
  c.json(
    { result: null, success: false, errors: [refusal.problem], messages: [] },
    refusal.status,
    refusal.headers,
  );

/** One page of `items`, chosen by the query's `page` and `per_page`, with `result_info`. */
export function page(c: Context, items: readonly unknown[], perPageDefault = 20, perPageMax = 1000) {
  const perPage = Math.min(positive(c.req.query("per_page"), perPageDefault), perPageMax);
  const number = positive(c.req.query("page"), 1);
  const slice = items.slice((number - 1) * perPage, number * perPage);
  return ok(c, slice, {
    page: number,
    per_page: perPage,
    count: slice.length,
    total_count: items.length,
    total_pages: Math.ceil(items.length / perPage),
  });
}

const positive = (text: string | undefined, fallback: number): number => {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
};

/** The request's JSON, parsed; a wrong shape is refused with `code`, naming the value at fault. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>, code: number): Promise<T> {
  const json: unknown = await c.req.json().catch(() => {
    throw refuse(400, 6007, "Malformed JSON in request body");
  });
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuse(400, code, issue?.message ?? "Invalid request body", `/${issue?.path.join("/") ?? ""}`);
}
