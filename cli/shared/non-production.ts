import { type NonProductionEnvironment, servesRealPeople } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { environmentNamed } from "./target.ts";

/** The non-production environment of that name. Throws a {@link Failure} with `reason`, a sentence, for any other. */
export function requireNonProduction(name: string, reason: string): NonProductionEnvironment {
  const env = environmentNamed(name);
  if (servesRealPeople(env))
    throw new Failure(`${name} serves real people: it has no extras in config/. ${reason}`);
  return env as NonProductionEnvironment;
}
