import type { SeedMix } from "../../../config/load/schema.ts";
import type { AdminApis } from "../../shared/admin-apis.ts";
import { authorize, consentsOf } from "./authorization.ts";
import { CONSENTED } from "./clients.ts";
import { Kratos } from "./kratos.ts";
import { ordinary, type Person } from "./people.ts";
import { SCHEMAS } from "./schemas.ts";

/** How many of the many have let clients in: each costs a whole flow. */
export const CONSENTING = 20;

/** The first customers of the many. */
export function* consenting(users: number, number: number, mix: SeedMix): Generator<Person> {
  let left = CONSENTING;
  for (let index = 1; index <= users && left > 0; index++) {
    const person = ordinary(index, number, mix);
    if (SCHEMAS[person.schema].domain !== "ciam") continue;
    left--;
    yield person;
  }
}

/** Lets the clients in that this person has not let in yet; how many. */
export async function grantConsents(person: Person, { ciam }: AdminApis): Promise<number> {
  const identity = await new Kratos(ciam.kratos.admin).find(person.identifier);
  if (!identity) return 0;
  const given = await consentsOf(ciam.hydra.admin, identity.id);
  const missing = CONSENTED.filter(({ client_id }) => !given.includes(client_id));
  for (const { client_id, scope, redirect_uris } of missing)
    await authorize(ciam.hydra, { client_id, scope, redirect_uri: redirect_uris[0] ?? "" }, identity.id);
  return missing.length;
}
