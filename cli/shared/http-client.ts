import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { parsedJson } from "../../lib/json.ts";

/** Where an API answers: a port of this machine's loopback, or a socket that a connection to another machine holds. */
export type Endpoint = { readonly port: number } | { readonly socketPath: string };

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpCallOptions {
  /** Sent as JSON unless it is a URLSearchParams. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Asks one API. Rejects when the connection fails, is lost or takes too long; every status is an answer. */
export type HttpClient = (method: string, path: string, call?: HttpCallOptions) => Promise<HttpResponse>;

const PATIENCE_MS = 60_000;

/** An {@link HttpClient} that keeps its connections open; `close` ends them. */
export function createHttpClient(endpoint: Endpoint, userAgent: string): { ask: HttpClient; close(): void } {
  const agent = new Agent({ keepAlive: true });
  const ask: HttpClient = (method, path, { body, headers, timeoutMs = PATIENCE_MS } = {}) =>
    new Promise((resolve, reject) => {
      const form = body instanceof URLSearchParams;
      const payload = body === undefined ? undefined : form ? body.toString() : JSON.stringify(body);
      const sent = request(
        {
          ...("port" in endpoint ? { host: "127.0.0.1", port: endpoint.port } : endpoint),
          agent,
          method,
          path,
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            "user-agent": userAgent,
            accept: "application/json",
            ...(payload !== undefined && {
              "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
              "content-length": Buffer.byteLength(payload),
            }),
            ...headers,
          },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on("data", (part: Buffer) => parts.push(part));
          answer.once("error", reject);
          answer.once("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(parts).toString("utf8"),
            }),
          );
        },
      );
      sent.once("error", reject);
      sent.end(payload);
    });
  return { ask, close: () => agent.destroy() };
}

/** The answer's JSON. Throws a readable error when the status is not the expected one or the text is no JSON. */
export function expectJson<T>(what: string, answer: HttpResponse, ...statuses: number[]): T {
  if (!statuses.includes(answer.status))
    throw new Error(`${what}: answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  const value = parsedJson(answer.text);
  if (value === undefined) throw new Error(`${what}: answered without JSON: ${answer.text.slice(0, 100)}`);
  return value as T;
}
