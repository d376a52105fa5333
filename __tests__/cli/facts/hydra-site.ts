import type { HttpClient } from "../../../cli/shared/http-client.ts";
import type { SmokeClient } from "../../../cli/smoke/client.ts";
import { type Exchange, headerPair } from "../../facts/exchanges.ts";

/**
 * A visitor's way to the recorded Hydra, behind `host`. `pages` answers for every other host, by the address without its
 * query; a form's answer is that of its path.
 */
export function smokeClientOf(
  hydra: HttpClient,
  host: string,
  pages: (url: URL) => Pick<Exchange, "status" | "headers"> & { readonly body: string },
): SmokeClient {
  const asked = async (url: URL, cookie: string | undefined) => {
    if (url.host !== host) {
      const { status, headers, body } = pages(url);
      return { status, headers: headers.map(headerPair), body };
    }
    const { status, headers, text } = await hydra("GET", url.pathname + url.search, {
      headers: { ...(cookie && { cookie }) },
    });
    const pairs = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, String(one)]),
    );
    return { status, headers: pairs, body: text };
  };
  return {
    route: {},
    send: async (target, sending) => {
      const url = new URL(target);
      return { url, ownAddress: undefined, ...(await asked(url, sending?.headers?.cookie)) };
    },
    posts: () => 0,
    close: () => undefined,
  };
}
