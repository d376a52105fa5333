import { toSeconds } from "../../../config/load/duration.ts";
import { type Check, expect, SkippedCheck, SmokeFailure } from "../check.ts";
import { type ClientResponse, headerValues } from "../client.ts";
import type { Target } from "../target.ts";

const AT_ONCE = 10;

/** One POST more than the limit lets through is answered 429. To be run last: it shuts this address out for a window. */
export const rateLimit = (target: Target): Check[] =>
  [target.env.hosts.ciam, target.env.hosts.iam].map((host) => ({
    kind: "rate limit",
    subject: host,
    run: async () => {
      const { events, window } = target.env.rateLimits.login;
      if (!target.rateLimit)
        throw new SkippedCheck(
          `it would lock this address out of logins for ${window}; --rate-limit runs it`,
        );
      const { passed, refusal, seconds } = await useUp(target, host, events);
      if (seconds >= toSeconds(window))
        throw new SkippedCheck(`${events} POSTs take longer than ${window} from here`);
      if (passed < 0) throw new SkippedCheck(`already limited: used up within the last ${window}`);
      expect(
        refusal.status === 429,
        `POST ${events + 1} within ${window} is answered ${refusal.status}, not 429`,
      );
      const [retry = ""] = headerValues(refusal, "retry-after");
      expect(/^[1-9]\d*$/.test(retry), `429 comes with retry-after ${JSON.stringify(retry)}`);
      return `429 after ${events} POSTs in ${window}, retry after ${retry} s`;
    },
  }));

/**
 * Sends POSTs until the limit must be reached: to a path that Caddy answers by itself, so that no application works for
 * it, and the last one to the login page. Earlier POSTs of this run count too. `passed` is -1 when not even the first
 * was let through.
 */
async function useUp(target: Target, host: string, events: number) {
  const begin = performance.now();
  const earlier = target.client.posts(host);
  const post = (path: string): Promise<ClientResponse> =>
    target.client.send(`https://${host}${path}`, { method: "POST", body: "" });
  let passed = earlier;
  while (passed < events) {
    const size = Math.min(AT_ONCE, events - passed);
    const answers = await Promise.all(Array.from({ length: size }, () => post("/api/policy/password")));
    const limited = answers.filter(({ status }) => status === 429).length;
    if (limited === size && passed === earlier) passed = -1;
    else if (limited > 0)
      throw new SmokeFailure(`429 after ${passed + size - limited} POSTs; the limit is ${events}`);
    if (passed < 0) break;
    passed += size;
  }
  const refusal = await post("/login");
  return { passed, refusal, seconds: (performance.now() - begin) / 1000 };
}
