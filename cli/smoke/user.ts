import { credentialsOwner, namedVariable } from "../../lib/process-env.ts";
import type { Target } from "./target.ts";

/** Whom the seed makes for it where nobody is real: cli/staging/seed/profiles.ts. */
export const SEEDED_SMOKE_PERSON = "smoke.1@cast.example";

/** The variables that name the synthetic customer of an environment. */
export const userVariables = (environment: string): readonly [email: string, password: string] => {
  const name = environment.replaceAll("-", "_").toUpperCase();
  return [`SMOKE_EMAIL_${name}`, `SMOKE_PASSWORD_${name}`];
};

/** Who logs in; undefined unless both variables are set, by their names or as a workflow hands on its environment's. */
export function smokeUser(environment: string): Target["user"] {
  const handedOn = credentialsOwner() === environment ? ["SMOKE_EMAIL", "SMOKE_PASSWORD"] : [];
  const [email, password] = userVariables(environment).map(
    (name, at) => namedVariable(name) ?? namedVariable(handedOn[at] ?? ""),
  );
  return email && password ? { email, password } : undefined;
}
