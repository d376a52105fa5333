import { CookieJar } from "tough-cookie";
import { explainResponse, location, nameOf } from "./answers.ts";
import { expect, SmokeFailure } from "./check.ts";
import { type ClientRequest, type ClientResponse, headerValues, type SmokeClient } from "./client.ts";

/** The page at the end of a chain of redirects, and every address on the way there, itself last. */
export interface Visit {
  readonly page: ClientResponse;
  readonly trail: readonly URL[];
}

/** As much of a browser as a login needs: cookies and redirects. */
export interface Browser {
  visit(url: string | URL, sending?: ClientRequest): Promise<Visit>;
}

const REDIRECTS = 12;

export function openBrowser(client: SmokeClient): Browser {
  const jar = new CookieJar();
  const send = async (url: URL, sending: ClientRequest): Promise<ClientResponse> => {
    const cookie = await jar.getCookieString(url.href);
    const answer = await client.send(url, {
      ...sending,
      headers: { ...sending.headers, ...(cookie ? { cookie } : {}) },
    });
    for (const line of headerValues(answer, "set-cookie"))
      await jar.setCookie(line, url.href, { ignoreError: true });
    return answer;
  };
  return {
    async visit(start, sending = {}) {
      const trail = [new URL(start)];
      let answer = await send(new URL(start), sending);
      while (answer.status >= 300 && answer.status < 400) {
        expect(trail.length <= REDIRECTS, `${nameOf(new URL(start))} redirects without end`);
        const next = location(answer);
        if (next.protocol !== "https:") throw new SmokeFailure(`${nameOf(answer.url)} leads away from https`);
        trail.push(next);
        answer = await send(next, {});
      }
      return { page: answer, trail };
    },
  };
}

/** Throws a Finding unless the page answered 200. */
export function expectPage({ page }: Visit): void {
  expect(page.status === 200, explainResponse(page));
}
