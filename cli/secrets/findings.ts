import { createPublicKey } from "node:crypto";
import type { Environment } from "../../config/load/environment.ts";
import { FINGERPRINT_KEY, type SecretKey, secretKeys } from "../../secrets/secret-keys.ts";
import { certificateFindings } from "./certificates.ts";
import { type SecretFinding, secretProblem } from "./finding.ts";
import { PENDING } from "./fingerprints.ts";
import { modeFindings } from "./modes.ts";
import { providerFindings } from "./providers.ts";

/** Everything that can be said of an environment's decrypted values without asking anybody. */
export function inspectValues(
  values: Readonly<Record<string, unknown>>,
  env: Environment,
  now = new Date(),
): SecretFinding[] {
  const keys = secretKeys();
  const shapes = [
    ...keys.flatMap((key) => shapeFindings(key, values[key.key], env.name)),
    ...unknownKeyFindings(values, keys),
  ];
  const bad = new Set(shapes.map(({ key }) => key));
  const sound = Object.fromEntries(
    Object.entries(values).filter((e): e is [string, string] => typeof e[1] === "string" && !bad.has(e[0])),
  );
  return [
    ...shapes,
    ...certificateFindings(sound, env, now),
    ...providerFindings(sound, env),
    ...modeFindings(sound, env),
    ...(sound.SESSION_SIGNING_KEY && sound.SESSION_SIGNING_KEY === sound.ENCRYPTION_KEY
      ? [secretProblem("SESSION_SIGNING_KEY", "it is the ENCRYPTION_KEY too", "rotate SESSION_SIGNING_KEY")]
      : []),
  ];
}

const unknownKeyFindings = (
  values: Readonly<Record<string, unknown>>,
  keys: readonly SecretKey[],
): SecretFinding[] =>
  Object.keys(values)
    .filter((name) => name !== FINGERPRINT_KEY && !keys.some(({ key }) => key === name))
    .map((name) => secretProblem(name, "no service uses this key", "remove it"));

/** What is wrong with the form of one value. */
export function shapeFindings(
  { key, pattern, delivery, meaning }: SecretKey,
  value: unknown,
  environment: string,
): SecretFinding[] {
  const init = `./olympus secrets init ${environment}`;
  const one = (found: string, remedy = `write it as host/release/secrets.keys.yaml says: ${meaning}`) => [
    secretProblem(key, found, remedy),
  ];
  if (value === undefined) return one("missing", `run \`${init}\`: it adds what is new`);
  if (typeof value !== "string") return one("not a string", "put it in quotes");
  if (value === PENDING)
    return one(
      "still pending",
      key.startsWith("ORIGIN_TLS_")
        ? `after the deploy run \`${init}\` again: it takes key and certificate`
        : `provide it with \`${init} --from <file>\`: ${meaning}`,
    );
  if (value === "") return one("empty", "write off for what is not used");
  if (delivery === "secrets.env" && !/^[\x20-\x7e]+$/.test(value))
    return one("a line break, a control character or a non-ASCII character", "write it on one line");
  if (value.trim() !== value && delivery === "secrets.env") return one("surrounding space", "remove it");
  const form = new RegExp(pattern);
  if (!form.test(value)) return one(`${value.length} characters that do not match ${pattern}`);
  return /PRIVATE KEY/.test(pattern) && !isPrivateKey(value) ? one("not a readable private key") : [];
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPublicKey(pem).type === "public";
  } catch {
    return false;
  }
}
