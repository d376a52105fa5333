import type { Environment } from "../../config/load/environment.ts";
import { bundle } from "../../host/bundle.ts";
import { environmentFile } from "../../host/environment-file.ts";
import { SmokeFailure } from "./check.ts";
import { type ClientResponse, headerValues } from "./client.ts";

/** The content policy that Caddy adds where an application sends none of its own, as this environment gets it. */
export function bundlePolicy(env: Environment): string {
  const snippets = bundle(env).find(({ path }) => path === "caddy/snippets.caddy")?.content ?? "";
  const policy = /\?Content-Security-Policy "([^"]+)"/.exec(snippets)?.[1];
  if (!policy) throw new Error("caddy/snippets.caddy sets no Content-Security-Policy");
  const values = environmentFile(env);
  return policy.replaceAll(/\{\$(\w+)\}/g, (_, key: string) => values[key] ?? "");
}

/**
 * Who decides which scripts the login page may run, from two visits to it: the application by a nonce that is new each
 * time, or, since some releases of Hera send no policy, the bundle. Throws a {@link SmokeFailure} for anything else.
 */
export function scriptPolicy(first: ClientResponse, second: ClientResponse, ofBundle: string): string {
  const policies = [first, second].map((page) => headerValues(page, "content-security-policy")[0]);
  const [one, two] = policies.map((policy) => policy?.match(/script-src[^;]*'nonce-([^']+)'/)?.[1]);
  if (one !== undefined && two !== undefined) {
    if (one === two) throw new SmokeFailure("the login page sends the same nonce twice");
    return "a nonce of its own";
  }
  if (policies.every((policy) => policy === ofBundle)) return "the bundle's content policy";
  throw new SmokeFailure("the login page's script-src has no nonce, and its policy is not the bundle's");
}
