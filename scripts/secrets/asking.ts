import type { Environment } from "../../config/environment.ts";
import { type Finding, problem } from "./finding.ts";
import { type Mode, wrongWorld } from "./modes.ts";

/** The part of `fetch` that is needed. */
export type Ask = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<Response>;

export interface Answer {
  readonly status: number;
  /** Parsed JSON; what a provider sends is not believed to have any form. */
  readonly body: unknown;
}

const ASK_LIMIT_MS = 10_000;

/** A provider's answer; undefined when there is none that can be read. */
export async function answerOf(
  ask: Ask,
  url: string,
  headers: Record<string, string>,
): Promise<Answer | undefined> {
  try {
    const signal = AbortSignal.timeout(ASK_LIMIT_MS);
    const answer = await ask(url, { headers: { Accept: "application/json", ...headers }, signal });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return undefined;
  }
}

/** Whether a value fits an environment by what its provider says of it. While that is not known, it stays off a rehearsal. */
export function toldFindings(key: string, mode: Mode | undefined, what: string, env: Environment): Finding[] {
  if (mode) return wrongWorld(key, { mode, what }, env);
  const unknown = problem(key, `${what} cannot be asked for its mode`, "check again with a network");
  return [env.extras ? unknown : { ...unknown, level: "warning" }];
}
