import type { Environment } from "../../config/load/environment.ts";
import type { Extras } from "../../config/load/schema.ts";
import { Failure } from "../../lib/failure.ts";
import { environmentNamed } from "./target.ts";

/** An environment with extras: it serves nobody real, so it may sleep, be woken and start over by the clock. */
export type NonProductionEnvironment = Environment & { readonly extras: Extras };

/** The rehearsal of that name. Throws a {@link Failure} for prod, by what it lacks; `never` ends the sentence. */
export function requireNonProduction(name: string, never: string): NonProductionEnvironment {
  const env = environmentNamed(name);
  if (env.extras) return { ...env, extras: env.extras };
  throw new Failure(`${name} serves real people: it has no extras in config/, so ${never}.`);
}
