import type { Environment } from "../../config/environment.ts";
import type { Extras } from "../../config/schema.ts";
import { environmentNamed } from "../release/target.ts";
import { Failure } from "./failure.ts";

/** An environment with extras: it serves nobody real, so it may sleep, be woken and start over by the clock. */
export type Rehearsal = Environment & { readonly extras: Extras };

/** The rehearsal of that name. Throws a {@link Failure} for prod, by what it lacks; `never` ends the sentence. */
export function rehearsalNamed(name: string, never: string): Rehearsal {
  const env = environmentNamed(name);
  if (env.extras) return { ...env, extras: env.extras };
  throw new Failure(`${name} serves real people: it has no extras in config/, so ${never}.`);
}
