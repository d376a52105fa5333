import type { Json } from "../../parity/json.ts";
import { type OryProgram, recordedFile } from "./catalogue.ts";

/** One request to a recorded program, and what it answered. Headers are lines, as they came. */
export interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers?: readonly string[];
    /** A form stands as its text. */
    readonly body?: Json;
  };
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Json;
}

/** What was recorded of one program. */
export interface ExchangeRecord {
  readonly exchanges: readonly Exchange[];
  /** Throws for a name that none has. */
  exchange(name: string): Exchange;
}

function recordOf(program: OryProgram): ExchangeRecord {
  const exchanges = JSON.parse(recordedFile(`${program}-http.json`)) as readonly Exchange[];
  return {
    exchanges,
    exchange(name) {
      const found = exchanges.find((one) => one.name === name);
      if (!found) throw new Error(`no exchange with ${program} is called ${name}`);
      return found;
    },
  };
}

export const KRATOS = recordOf("kratos");
export const HYDRA = recordOf("hydra");

/** Name, in lower case, and value of a header's line. */
export const headerPair = (line: string): [name: string, value: string] => {
  const colon = line.indexOf(": ");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)];
};

/** Values of the headers with that name, in lower case. */
export const headersOf = ({ headers }: Pick<Exchange, "headers">, wanted: string): string[] =>
  headers.flatMap((line) => {
    const [name, value] = headerPair(line);
    return name === wanted ? [value] : [];
  });

/** What one run or its reader chooses by itself: the same request is asked with others. */
const CHOSEN = ["flow", "page_size", "state", "code_challenge", "code_verifier"];

const comparable = (text: string): string =>
  [...new URLSearchParams(text)]
    .map(([key, value]) => (CHOSEN.includes(key) ? key : `${key}=${value}`))
    .sort()
    .join("&");

/** A request as a reader sends it; `cookie`: the header's value; `form`: the text of one. */
export interface SentRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly cookie?: string | undefined;
  readonly form?: string | undefined;
}

/** Whether a request is the recorded one, but for what its sender chooses. */
export function isSameRequest({ request }: Exchange, sent: SentRequest): boolean {
  const [asked, known] = [new URL(sent.path, request.url), new URL(request.url)];
  const needed = headersOf({ headers: request.headers ?? [] }, "cookie").flatMap((value) =>
    value.split("; "),
  );
  const brought = (sent.cookie ?? "").split("; ");
  const isForm = typeof request.body === "string";
  return (
    request.method === sent.method &&
    asked.pathname === known.pathname &&
    comparable(asked.search) === comparable(known.search) &&
    needed.every((cookie) => brought.includes(cookie)) &&
    (!isForm || comparable(String(request.body)) === comparable(sent.form ?? ""))
  );
}
