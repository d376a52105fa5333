import type { HttpClient } from "../../shared/http-client.ts";
import { beginLogin, submitLogin } from "../seed/login.ts";

/** How one login ended. */
export type LoginOutcome = "in" | "limited" | "failed";

export interface Attempt {
  readonly ending: LoginOutcome;
  /** What was answered instead of a session. */
  readonly why?: string;
}

/** One login by the platform's API flow. Never throws: what goes wrong is what is measured. */
export async function attempt(kratos: HttpClient, identifier: string, password: string): Promise<Attempt> {
  try {
    const { status, text } = await submitLogin(kratos, await beginLogin(kratos), identifier, password);
    if (status === 200) return { ending: "in" };
    if (status === 429) return { ending: "limited" };
    return { ending: "failed", why: `${identifier}: ${status} ${messageIn(text)}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return / answered 429/.test(why) ? { ending: "limited" } : { ending: "failed", why };
  }
}

/** Kratos' own words, from the form that it shows again. */
function messageIn(text: string): string {
  const found =
    text.match(/"messages":\[\{"id":\d+,"text":"([^"]+)"/)?.[1] ?? text.match(/"reason":"([^"]+)"/)?.[1];
  return found ?? text.slice(0, 100);
}
