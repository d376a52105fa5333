import { Agent, request } from "node:https";
import type { Route } from "../../../cli/smoke/client.ts";

/** What visitors met: how many asked, how many got an error or a 5xx, and the longest wait for an answer in milliseconds. */
export interface VisitorCount {
  readonly asked: number;
  /** Whole logins among them. */
  readonly logins: number;
  /** Milliseconds of the longest one, which is several requests. */
  readonly longestLogin: number;
  readonly failed: readonly string[];
  readonly longest: number;
}

/** Of the office in config/base.ts: each visitor has the limits of one address. */
export const OFFICE_ADDRESSES = Array.from({ length: 60 }, (_, number) => `198.51.100.${number + 10}`);

const PATIENCE_MS = 30_000;

/** Who comes: how often in a second, from which addresses in turn, and what a whole login is; it throws where one fails. */
export interface VisitorLoad {
  readonly perSecond: number;
  /** Addresses of this computer; without any, the route's. */
  readonly addresses?: readonly string[];
  readonly logIn?: (() => Promise<unknown>) | undefined;
  readonly loginsPerSecond?: number;
}

/**
 * Asks the pages so many times a second while `work` runs, half of it on kept connections and half on new ones. Every third is a POST,
 * which cannot be sent again, on a new one. A GET on a kept connection that was just closed is asked once more, as every client does.
 */
export async function whileVisited<T>(
  route: Route,
  pages: readonly { readonly host: string; readonly path: string }[],
  { perSecond, addresses = [], logIn, loginsPerSecond = 1 }: VisitorLoad,
  work: () => Promise<T>,
): Promise<{ readonly met: VisitorCount; readonly result: T }> {
  const { address, ca, cert, key, from } = route;
  const tls = { ca, cert, key };
  const agents = [new Agent({ keepAlive: true, ...tls }), new Agent({ keepAlive: false, ...tls })];
  const visitors = addresses.length ? addresses : from ? [from] : [];
  const failed: string[] = [];
  const waiting = new Set<Promise<void>>();
  let [asked, logins, longest, longestLogin] = [0, 0, 0, 0];

  const visit = (number: number, isAgain = false): Promise<void> =>
    new Promise((resolve) => {
      const { host, path } = pages[number % pages.length] ?? { host: "", path: "/" };
      const begin = performance.now();
      const end = (problem?: string): void => {
        longest = Math.max(longest, performance.now() - begin);
        if (problem) failed.push(`${host}${path}: ${problem}`);
        resolve();
      };
      const isPost = number % 3 === 0;
      const asking = request({
        ...{ host: address, servername: host, path, timeout: PATIENCE_MS, headers: { host } },
        localAddress: visitors[number % visitors.length],
        agent: agents[isPost || isAgain ? 1 : (number >> 2) % 2],
        method: isPost ? "POST" : "GET",
      });
      asking.on("response", (answer) => {
        const status = answer.statusCode ?? 0;
        answer.resume().on("end", () => end(status >= 500 ? String(status) : undefined));
      });
      asking.on("timeout", () => asking.destroy(new Error("no answer")));
      asking.on("error", (error) => {
        if (asking.reusedSocket && !isPost && !isAgain) return resolve(visit(number, true));
        end(error.message);
      });
      asking.end(isPost ? "a=1" : undefined);
    });

  const login = async (): Promise<void> => {
    const begin = performance.now();
    await logIn?.().catch((error: Error) => failed.push(`login: ${error.message}`));
    longestLogin = Math.max(longestLogin, performance.now() - begin);
  };
  const begun = (visitor: Promise<void>): void => {
    const one = visitor.finally(() => waiting.delete(one));
    waiting.add(one);
  };
  const timer = setInterval(() => {
    asked += 1;
    begun(visit(asked));
    if (logIn && asked % Math.round(perSecond / loginsPerSecond) === 0) {
      logins += 1;
      begun(login());
    }
  }, 1000 / perSecond);
  try {
    const result = await work();
    return { result, met: await over() };
  } finally {
    clearInterval(timer);
    for (const agent of agents) agent.destroy();
  }

  async function over(): Promise<VisitorCount> {
    clearInterval(timer);
    await Promise.all(waiting);
    return { asked, logins, failed, longest, longestLogin };
  }
}

/** The status of one POST. */
export const postStatus = (
  { address, ca, cert, key, from }: Route,
  host: string,
  path: string,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const tls = { ca, cert, key, ...(from && { localAddress: from }) };
    const asking = request(
      { ...tls, host: address, servername: host, path, method: "POST", headers: { host } },
      (answer) => answer.resume().on("end", () => resolve(answer.statusCode ?? 0)),
    );
    asking.on("error", reject);
    asking.end("a=1");
  });
