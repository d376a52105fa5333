import type { Context, MiddlewareHandler } from "hono";
import { ApiRefusal, refuse } from "./envelope.ts";

/** A token of the emulated account. Real ones have 40 characters; the provider refuses shorter ones. */
export interface Token {
  readonly value: string;
  /** `read` may only look, as the token of a plan job. Default `write`. */
  readonly access?: "read" | "write";
  /** Ids of the zones that it is limited to. Default: every zone of the account. */
  readonly zones?: readonly string[] | undefined;
}

const ZONES = "zones";

/** Whether the token of a request is not limited to other zones. */
export const mayReach = (c: Context, zone: unknown): boolean => {
  const own: readonly string[] | undefined = c.get(ZONES);
  return !own || own.includes(String(zone));
};

/** Refuses what the API refuses at its door: no header, a malformed one, an unknown token, too little access. */
export function authenticate(tokens: readonly Token[]): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.path.endsWith("/ips")) return next();
    const header = c.req.header("authorization");
    if (!header) {
      throw refuse(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
    }
    const value = /^Bearer (\S+)$/.exec(header)?.[1];
    if (!value) {
      const chain = [{ code: 6111, message: "Invalid format for Authorization header" }];
      throw new ApiRefusal(400, { code: 6003, message: "Invalid request headers", error_chain: chain });
    }
    const token = tokens.find((known) => known.value === value);
    if (!token) {
      throw c.req.path.endsWith("/user/tokens/verify")
        ? refuse(401, 1000, "Invalid API Token")
        : refuse(403, 9109, "Invalid access token");
    }
    if (token.access === "read" && c.req.method !== "GET") throw refuse(403, 10000, "Authentication error");
    c.set(ZONES, token.zones);
    const zone = /\/zones\/([0-9a-f]{32})(\/|$)/.exec(c.req.path)?.[1];
    // As a zone of another account: who may not reach it does not learn that it is there.
    if (zone && !mayReach(c, zone)) throw refuse(403, 9109, "Unauthorized to access requested resource");
    return next();
  };
}
