import type { Ask } from "../lib/endpoint.ts";
import { Failure } from "../lib/failure.ts";
import { Kratos } from "../seed/kratos.ts";
import { DOCUMENT, PEOPLE } from "../seed/people.ts";

/** Identifiers of the synthetic people who are able to log in at CIAM, at most `most`. Throws when there are none. */
export async function ableToLogIn(admin: Ask, most: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of new Kratos(admin).identities()) {
    for (const { state, mark, identifier } of page)
      if (state === "active" && (mark?.set === PEOPLE || mark?.set === DOCUMENT)) found.push(identifier);
    if (found.length >= most) break;
  }
  if (found.length === 0) throw new Failure("Nobody synthetic is there to log in: `npx olympus seed` first.");
  return found.slice(0, most);
}
