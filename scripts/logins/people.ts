import type { Ask } from "../lib/endpoint.ts";
import { Failure } from "../lib/failure.ts";
import type { Ground } from "../lib/ground.ts";
import { Kratos } from "../seed/kratos.ts";
import { DOCUMENT, PEOPLE } from "../seed/people.ts";

const NOBODY = new Failure("Nobody synthetic is there to log in: `npx olympus seed` first.");

/** Identifiers of the synthetic people who are able to log in at CIAM, at most `most`. Throws when there are none. */
export async function ableToLogIn(admin: Ask, most: number): Promise<readonly string[]> {
  const found = await ableAt(admin, most);
  if (found.length === 0) throw NOBODY;
  return found;
}

/** Somebody who is able to log in, and where. */
export interface Able {
  readonly identifier: string;
  readonly kratos: Ask;
}

/** Those of both domains: customers and employees. Throws when there are none. */
export async function everybodyAble({ ciam, iam }: Ground, most: number): Promise<readonly Able[]> {
  const found: Able[] = [];
  for (const { kratos } of [ciam, iam])
    for (const identifier of await ableAt(kratos.admin, most - found.length))
      found.push({ identifier, kratos: kratos.public });
  if (found.length === 0) throw NOBODY;
  return found;
}

async function ableAt(admin: Ask, most: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of new Kratos(admin).identities()) {
    for (const { state, mark, identifier } of page)
      if (state === "active" && (mark?.set === PEOPLE || mark?.set === DOCUMENT)) found.push(identifier);
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}
