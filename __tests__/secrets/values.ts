import { generate } from "../../secrets/secret-generators.ts";
import { secretKeys } from "../../secrets/secret-keys.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";

const fleet = fixtureFleet();
/** Serves people: no extras. */
export const prodEnvironment = fleet.reference.environment;
const [mirror] = fleet.mirrors;
if (!mirror) throw new Error("the shipped configuration declares a mirror");
/** A rehearsal whose mail ends in Mailpit. */
export const stagingEnvironment = mirror.environment;
if (!stagingEnvironment.extras) throw new Error("the shipped mirror has extras");
/** A rehearsal whose mail goes to a provider's sandbox. */
export const sandboxMail = {
  ...stagingEnvironment,
  extras: { ...stagingEnvironment.extras, mail: "provider-sandbox" as const },
};

export const key = (name: string) => {
  const found = secretKeys().find((candidate) => candidate.key === name);
  if (!found) throw new Error(`${name} is in no list`);
  return found;
};

/** Generated once: an RSA key takes its time. */
export const generated = await generate(secretKeys());
