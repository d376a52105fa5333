import { loadFleet } from "../../config/index.ts";
import { generate } from "../../host/secret-generators.ts";
import { secretKeys } from "../../host/secret-keys.ts";

const fleet = loadFleet();
/** Serves people: no extras. */
export const prod = fleet.reference.environment;
const [mirror] = fleet.mirrors;
if (!mirror) throw new Error("the shipped configuration declares a mirror");
/** A rehearsal whose mail ends in Mailpit. */
export const staging = mirror.environment;
if (!staging.extras) throw new Error("the shipped mirror has extras");
/** A rehearsal whose mail goes to a provider's sandbox. */
export const sandboxMail = { ...staging, extras: { ...staging.extras, mail: "provider-sandbox" as const } };

export const key = (name: string) => {
  const found = secretKeys().find((candidate) => candidate.key === name);
  if (!found) throw new Error(`${name} is in no list`);
  return found;
};

/** Generated once: an RSA key takes its time. */
export const generated = await generate(secretKeys());
