import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { encryptedSecretsDirectory } from "../lib/process-env.ts";

/** Ways in which a value comes to be. `optional` is `manual`, and `off` where nobody gives it. */
const GENERATORS = [
  ...["hex16", "hex32", "base64-32", "base64url-24"],
  ...["postgres-ca", "postgres-server", "cloudflare-origin-ca", "origin-key", "manual", "optional"],
] as const;

const secretKey = z.strictObject({
  key: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  /** A regular expression that the whole value has to match. */
  pattern: z.string(),
  generator: z.enum(GENERATORS),
  consumers: z.array(z.string()).min(1),
  rotation: z.string(),
  /** `secrets.env`, or the path and mode of a file on the host. */
  delivery: z.string().regex(/^(secrets\.env|\/opt\/olympus\/config\/[\w./-]+ 0[0-7]{3})$/),
  meaning: z.string(),
});
export type SecretKey = z.infer<typeof secretKey>;

const LIST = join("host", "release", "secrets.keys.yaml");
let list: readonly SecretKey[] | undefined;

/** Every secret that an environment has, as host/release/secrets.keys.yaml lists them. Read once. */
export function secretKeys(): readonly SecretKey[] {
  list ??= z.array(secretKey).parse(parse(readFileSync(LIST, "utf8")));
  return list;
}

/** What fingerprints are made with. Beside the secrets in every file, the same in all, and never on a host. */
export const FINGERPRINT_KEY = "fingerprint_key";
/** One entry for each value that environments must not share. sops leaves it readable for its suffix, and signs it. */
export const FINGERPRINTS = "fingerprints_unencrypted";

/** An environment's encrypted secrets, from the root of the checkout. */
export const secretsPath = (environment: string): string =>
  join(encryptedSecretsDirectory(), "secrets", `${environment}.yaml`);

/** Text of an environment's encrypted file; undefined before `olympus secrets init`. */
export const encryptedFile = (environment: string): string | undefined =>
  existsSync(secretsPath(environment)) ? readFileSync(secretsPath(environment), "utf8") : undefined;
