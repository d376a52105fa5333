import { Failure } from "../../../lib/failure.ts";
import type { AdminApis } from "../../shared/admin-apis.ts";
import type { HttpClient } from "../../shared/http-client.ts";
import { Kratos } from "../seed/kratos.ts";
import { DOCUMENT, PEOPLE } from "../seed/people.ts";

const NO_SYNTHETIC_PEOPLE = new Failure(
  "There are no synthetic people to log in: run `./olympus seed` first.",
);

/** Identifiers of the synthetic people who are able to log in at CIAM, at most `most`. Throws when there are none. */
export async function loginIdentifiers(admin: HttpClient, most: number): Promise<readonly string[]> {
  const found = await identifiersAt(admin, most);
  if (found.length === 0) throw NO_SYNTHETIC_PEOPLE;
  return found;
}

/** Somebody who is able to log in, and where. */
export interface LoginCandidate {
  readonly identifier: string;
  readonly kratos: HttpClient;
}

/** Those of both domains: customers and employees. Throws when there are none. */
export async function loginCandidates(
  { ciam, iam }: AdminApis,
  most: number,
): Promise<readonly LoginCandidate[]> {
  const found: LoginCandidate[] = [];
  for (const { kratos } of [ciam, iam])
    for (const identifier of await identifiersAt(kratos.admin, most - found.length))
      found.push({ identifier, kratos: kratos.public });
  if (found.length === 0) throw NO_SYNTHETIC_PEOPLE;
  return found;
}

async function identifiersAt(admin: HttpClient, most: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of new Kratos(admin).identities()) {
    for (const { state, mark, identifier } of page)
      if (state === "active" && (mark?.set === PEOPLE || mark?.set === DOCUMENT)) found.push(identifier);
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}
