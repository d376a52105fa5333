import { type Environment, servesRealPeople } from "../../config/load/environment.ts";
import { type SecretFinding, secretProblem } from "./finding.ts";
import { type Mode, modeMismatch } from "./modes.ts";

/** The part of `fetch` that is needed. */
export type FetchFunction = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<Response>;

export interface ProviderResponse {
  readonly status: number;
  /** Parsed JSON; what a provider sends is not believed to have any form. */
  readonly body: unknown;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** A provider's answer; undefined when there is none that can be read. */
export async function fetchFromProvider(
  ask: FetchFunction,
  url: string,
  headers: Record<string, string>,
): Promise<ProviderResponse | undefined> {
  try {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const answer = await ask(url, { headers: { Accept: "application/json", ...headers }, signal });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return undefined;
  }
}

/** Whether a value fits an environment by what its provider says of it. While that is not known, it stays off a rehearsal. */
export function reportedModeFindings(
  key: string,
  mode: Mode | undefined,
  what: string,
  env: Environment,
): SecretFinding[] {
  if (mode) return modeMismatch(key, { mode, what }, env);
  const unknown = secretProblem(
    key,
    `the mode of ${what} could not be queried`,
    "check again with a network",
  );
  return [servesRealPeople(env) ? { ...unknown, level: "warning" } : unknown];
}
