import { machine } from "../host/bundle/stack.ts";
import { type Exchange, headersOf } from "./exchanges.ts";

export interface Call {
  readonly body?: Exchange["request"]["body"];
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: readonly string[];
  /** The browser that asks, by any name: with the cookies that it got so far, and over https. */
  readonly browser?: string;
}

/** Asks a program of the machine by HTTP, writes down what was asked and answered, and gives it. */
export type Ask = (name: string, method: string, url: string, call?: Call) => Exchange;

const KEPT = ["content-type", "location", "set-cookie", "www-authenticate"];

/** An {@link Ask}, and all that was recorded with it so far. */
export function createRecorder(): { readonly ask: Ask; readonly recorded: readonly Exchange[] } {
  const recorded: Exchange[] = [];
  const cookies = new Map<string, Map<string, string>>();
  const ask: Ask = (name, method, url, { body, form, headers: own = [], browser } = {}) => {
    const jar = cookies.get(browser ?? "") ?? new Map<string, string>();
    if (browser) cookies.set(browser, jar);
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const headers = [
      ...own,
      ...(browser ? ["X-Forwarded-Proto: https"] : []),
      ...(cookie ? [`Cookie: ${cookie}`] : []),
    ];
    const sent = form ? new URLSearchParams(form).toString() : body;
    const type = form ? "application/x-www-form-urlencoded" : "application/json";
    const words = [
      ...["curl", "-sS", "-i", "-m", "60", "-X", method],
      ...headers.flatMap((line) => ["-H", line]),
      ...(sent === undefined ? [] : ["-H", `Content-Type: ${type}`, "--data-binary", "@-"]),
    ];
    const input = sent === undefined ? "" : typeof sent === "string" ? sent : JSON.stringify(sent);
    const { out, err } = machine.outside([...words, url], { input });
    if (err) throw new Error(`${name}: ${err}`);
    const [head = "", ...rest] = out.split("\r\n\r\n");
    const [status = "", ...lines] = head.split("\r\n");
    const text = rest.join("\r\n\r\n");
    const exchange: Exchange = {
      name,
      request: {
        ...{ method, url },
        ...(headers.length && { headers }),
        ...(sent !== undefined && { body: sent }),
      },
      status: Number(status.split(" ")[1]),
      headers: lines.filter((line) => KEPT.includes(line.split(":")[0]?.toLowerCase() ?? "")),
      body: /^[[{]/.test(text) ? JSON.parse(text) : text,
    };
    recorded.push(exchange);
    for (const line of headersOf(exchange, "set-cookie")) {
      const [, key = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0(;|$)/i.test(line)) jar.delete(key);
      else jar.set(key, value);
    }
    return exchange;
  };
  return { ask, recorded };
}
