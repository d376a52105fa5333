import type { Environment } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { expectJson, type HttpResponse } from "./http-client.ts";

/** Where a Hydra says who it is. */
export const DISCOVERY = "/.well-known/openid-configuration";

/**
 * Whoever answers must be the environment that was named: its Hydra issues under its own host. Throws a {@link Failure} for another.
 * `answer`: to a GET of {@link DISCOVERY}.
 */
export function requireIssuer(env: Environment, host: string, answer: HttpResponse): void {
  const { issuer } = expectJson<{ issuer: string }>("Hydra's discovery", answer, 200);
  const expected = `https://${host}`;
  if (String(issuer).replace(/\/$/, "") !== expected)
    throw new Failure(
      `Another environment answers there, not ${env.name}: its issuer is ${issuer} instead of ${expected}.`,
    );
}
