// Node's own https, not undici or got: a check needs the headers as they came, the address of our own end, one address for all
// hosts with each host's name, and a stop at whatever leads to a stranger. Those hide the socket and join repeated headers.
import type { IncomingMessage } from "node:http";
import { request as plainRequest } from "node:http";
import { Agent, type RequestOptions, request as secureRequest } from "node:https";
import { SmokeFailure } from "./check.ts";

/** The way to the hosts. */
export interface Route {
  /** Connect here for every host, as curl's --resolve does; names and certificates stay those of the host. */
  readonly address?: string | undefined;
  /** Port for https where it is not 443. */
  readonly port?: number | undefined;
  /** PEM of the authorities to believe instead of the public ones. */
  readonly ca?: string | undefined;
  /** PEM of the client certificate that a machine asks of whoever is not Cloudflare. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Address of this machine to come from, where it has several. */
  readonly from?: string | undefined;
}

export interface ClientResponse {
  readonly url: URL;
  readonly status: number;
  /** As they came, each occurrence by itself. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** At most {@link BODY_LIMIT} bytes. */
  readonly body: string;
  /** Address of our own end of the connection. */
  readonly ownAddress: string | undefined;
}

export interface ClientRequest {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Speaks with the hosts of one environment and with nobody else. */
export interface SmokeClient {
  readonly route: Route;
  /** One request; redirects are answers. Throws a Finding for a foreign host, an endless or a late answer. */
  send(url: string | URL, sending?: ClientRequest): Promise<ClientResponse>;
  /** POSTs sent to a host so far. */
  posts(host: string): number;
  close(): void;
}

const BODY_LIMIT = 512 * 1024;
const ANSWER_LIMIT_MS = 8000;

/** `answerLimit`: milliseconds that one request may take. */
export function createSmokeClient(
  route: Route,
  hosts: readonly string[],
  signal: AbortSignal,
  answerLimit = ANSWER_LIMIT_MS,
): SmokeClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const posts = new Map<string, number>();
  return {
    route,
    async send(target, sending = {}) {
      const url = new URL(target);
      // Whatever an answer says, nobody else is ever called.
      if (!hosts.includes(url.hostname) || url.port || !/^https?:$/.test(url.protocol))
        throw new SmokeFailure(`leads to ${url.origin}, which is not a host of this environment`);
      if (sending.method === "POST") posts.set(url.hostname, (posts.get(url.hostname) ?? 0) + 1);
      const limit = new AbortController();
      // A timer that stays: AbortSignal.timeout() inside AbortSignal.any() is collected, and its timer with it.
      const timer = setTimeout(() => limit.abort(), answerLimit);
      const ended = AbortSignal.any([signal, limit.signal]);
      try {
        return await exchange(url, { ...options(url, route), agent, signal: ended }, sending);
      } catch (error) {
        if (!limit.signal.aborted) throw error;
        throw new SmokeFailure(
          `${url.origin}${url.pathname}: no complete response within ${answerLimit / 1000} s`,
        );
      } finally {
        clearTimeout(timer);
      }
    },
    posts: (host) => posts.get(host) ?? 0,
    close: () => agent.destroy(),
  };
}

const options = (url: URL, { address, port, ca, cert, key, from }: Route): RequestOptions => ({
  protocol: url.protocol,
  host: address ?? url.hostname,
  port: url.protocol === "https:" ? (port ?? 443) : 80,
  servername: url.hostname,
  path: `${url.pathname}${url.search}`,
  // Said aloud, so that no environment variable can take it away.
  rejectUnauthorized: true,
  ...(ca ? { ca } : {}),
  ...(cert ? { cert } : {}),
  ...(key ? { key } : {}),
  ...(from ? { localAddress: from } : {}),
});

/** A kept connection that the server closed at this moment has carried nothing: as browsers do, it is sent once more on a new one. */
function exchange(url: URL, options: RequestOptions, sending: ClientRequest): Promise<ClientResponse> {
  const { agent, ...plain } = options;
  const { method, headers, body } = sending;
  const secure = url.protocol === "https:";
  const sent = {
    method: method ?? "GET",
    headers: { host: url.hostname, "user-agent": "olympus-smoke", ...lengthOf(body), ...headers },
  };
  return new Promise((resolve, reject) => {
    const answered = (message: IncomingMessage): void => {
      responseOf(url, message).then(resolve, reject);
    };
    const request = secure
      ? secureRequest({ ...plain, agent, ...sent }, answered)
      : plainRequest({ ...plain, ...sent }, answered);
    const failed = (error: NodeJS.ErrnoException): void => {
      const isStale = request.reusedSocket && error.code === "ECONNRESET";
      if (isStale) exchange(url, { ...plain, agent: false }, sending).then(resolve, reject);
      else reject(error);
    };
    request.on("error", failed).end(body);
  });
}

const lengthOf = (body: string | undefined): Record<string, string> =>
  body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };

async function read(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message) {
    size += part.length;
    if (size > BODY_LIMIT) throw new SmokeFailure(`the answer is longer than ${BODY_LIMIT / 1024} KiB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

async function responseOf(url: URL, message: IncomingMessage): Promise<ClientResponse> {
  const { rawHeaders, statusCode = 0 } = message;
  // The connection may be gone when the body is whole.
  const ownAddress = message.socket.localAddress;
  const headers = rawHeaders.flatMap((name, i) =>
    i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? ""] as const] : [],
  );
  return { url, status: statusCode, headers, body: await read(message), ownAddress };
}

/** All values that a header has in an answer. */
export const headerValues = (answer: ClientResponse, name: string): string[] =>
  answer.headers.filter(([key]) => key === name).map(([, value]) => value);
