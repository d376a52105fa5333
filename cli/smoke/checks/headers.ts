import { type Check, SmokeFailure } from "../check.ts";
import { type ClientResponse, headerValues } from "../client.ts";
import { contentPolicyProblem } from "../content-policy.ts";
import { type Target, toolHosts, visibleHosts } from "../target.ts";

/** What host/release/caddy/snippets.caddy sends; each must come once. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  "strict-transport-security": /^max-age=(31536000|[3-9]\d{7}|\d{9,}); includeSubDomains/,
  "x-frame-options": /^DENY$/,
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^strict-origin-when-cross-origin$/,
  "permissions-policy": /^camera=\(\), microphone=\(\), geolocation=\(\)$/,
  "cross-origin-opener-policy": /^same-origin$/,
};

/** The security headers, once each, on an answer of the application and on one that Caddy or the application refuses. */
export const headers = (target: Target): Check[] =>
  visibleHosts(target).map((host) => ({
    kind: "headers",
    subject: host,
    run: async () => {
      for (const path of ["/", "/smoke-no-such-page"]) {
        const answer = await target.client.send(`https://${host}${path}`);
        const problem = headerProblem(answer, target.origin, toolHosts(target).includes(host));
        if (problem) throw new SmokeFailure(`${path} (${answer.status}): ${problem}`);
      }
      return `${Object.keys(EXPECTED).length} security headers and a content policy, each once`;
    },
  }));

function headerProblem(answer: ClientResponse, origin: boolean, isTool: boolean): string | undefined {
  for (const [name, pattern] of Object.entries(EXPECTED)) {
    const values = headerValues(answer, name);
    const [value = ""] = values;
    if (values.length !== 1) return `${name} comes ${values.length} times, not once`;
    if (!pattern.test(value)) return `${name} is ${JSON.stringify(value)}`;
  }
  if (headerValues(answer, "x-powered-by").length > 0) return "x-powered-by reveals what runs here";
  // Cloudflare puts its own name there.
  if (origin && headerValues(answer, "server").length > 0) return "server reveals what runs here";
  return contentPolicyProblem(headerValues(answer, "content-security-policy"), isTool);
}
