import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** A request that the API refused, in the words of the real provider's diagnostic. */
export class ApiFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A client of the Cloudflare API for one configured provider. */
export interface Api {
  /** The `result` of the answer. Throws `ApiFailure`. `path` has no leading slash. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The whole response, for answers that are no envelope. Throws `ApiFailure`. */
  fetch(method: string, path: string, body?: unknown): Promise<Response>;
}

const problem = z.object({
  code: z.number(),
  message: z.string(),
  source: z.object({ pointer: z.string() }).optional(),
});
const envelope = z.object({ errors: z.array(problem).default([]), result: z.unknown().optional() });

/** Attempts after the first on 408, 409, 429 and 5xx: the default of cloudflare-go v6. */
const retries = 2;

/** `baseUrl` as in CLOUDFLARE_BASE_URL, with or without a slash at the end. */
export function createApiClient(baseUrl: string, token: string): Api {
  const send = async (method: string, path: string, body: unknown, attempt = 0): Promise<Response> => {
    const url = `${baseUrl.replace(/\/$/, "")}/${path}`;
    const json = body !== undefined && !(body instanceof FormData);
    const response = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(json && { "Content-Type": "application/json" }) },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    }).catch((cause: Error) => {
      throw new ApiFailure(0, `${method} "${url}": ${cause.cause ?? cause.message}. Is the sandbox up?`);
    });
    if (response.ok) return response;
    if (attempt < retries && retryable(response.status)) {
      const seconds = Number(response.headers.get("retry-after") ?? 0.5 * 2 ** attempt);
      await sleep(seconds * 1000);
      return send(method, path, body, attempt + 1);
    }
    throw new ApiFailure(response.status, await readable(method, url, response));
  };
  return {
    fetch: (method, path, body) => send(method, path, body),
    call: async (method, path, body) => {
      const response = await send(method, path, body);
      if (response.status === 204) return null;
      return envelope.parse(await response.json()).result;
    },
  };
}

const retryable = (status: number) => [408, 409, 429].includes(status) || status >= 500;

async function readable(method: string, url: string, response: Response): Promise<string> {
  const head = `${method} "${url}": ${response.status} ${response.statusText}`;
  const parsed = envelope.safeParse(await response.json().catch(() => null));
  const lines = parsed.success
    ? parsed.data.errors.map(({ code, message, source }) =>
        source ? `${code}: ${message} (${source.pointer})` : `${code}: ${message}`,
      )
    : [];
  return [head, ...lines].join("\n");
}
