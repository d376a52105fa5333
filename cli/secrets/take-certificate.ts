import { secretKeys, secretsPath } from "../../secrets/secret-keys.ts";
import { environmentNamed } from "../shared/target.ts";
import { shapeFindings } from "./findings.ts";
import { PENDING } from "./fingerprints.ts";
import { originPair } from "./origin.ts";
import { requireSound } from "./report.ts";
import { changeSecrets, loadSecrets } from "./store.ts";

/**
 * Takes the certificate that Cloudflare has signed, and its key, into the secrets of an environment, where they are still to come and are
 * there by now. Whether it did.
 */
export async function takeCertificate(name: string): Promise<boolean> {
  const secrets = await loadSecrets(name);
  if (secrets.values.ORIGIN_TLS_CERTIFICATE !== PENDING) return false;
  const found = Object.entries(await originPair(environmentNamed(name)));
  const added = Object.fromEntries(found.filter(([key]) => secrets.values[key] === PENDING));
  if (!added.ORIGIN_TLS_CERTIFICATE) return false;
  const keys = secretKeys().filter(({ key }) => added[key] !== undefined);
  requireSound(
    name,
    keys.flatMap((key) => shapeFindings(key, added[key.key], name)),
    "nothing was written",
  );
  await changeSecrets(secrets, added);
  return true;
}

/** The line that says so. */
export const certificateTaken = (name: string): string =>
  `${secretsPath(name)}: has the certificate that Cloudflare has signed now; commit it`;
