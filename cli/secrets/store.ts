import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../../lib/failure.ts";
import { asidePath, writeAtomically } from "../../lib/files.ts";
import { encryptedFile, FINGERPRINT_KEY, FINGERPRINTS, secretsPath } from "../../secrets/secret-keys.ts";
import { fingerprints } from "./fingerprints.ts";
import { decrypt, encrypt, setEncryptedValue } from "./sops.ts";

/** An environment's secrets, decrypted. Lives in memory only. */
export interface Secrets {
  readonly environment: string;
  /** The encrypted file that they came from. */
  readonly text: string;
  /** By key; anything, for people edit the file. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly fingerprintKey: string;
  readonly fingerprints: unknown;
}

/** Decrypts an environment's secrets. Throws a {@link Failure} when there are none or they cannot be read. */
export async function loadSecrets(environment: string): Promise<Secrets> {
  const text = encryptedFile(environment);
  if (text === undefined)
    throw new Failure(
      `${secretsPath(environment)} does not exist: run \`./olympus secrets init ${environment}\``,
    );
  return decryptSecrets(environment, secretsPath(environment), text);
}

/** Decrypts a file of secrets that may lie elsewhere. */
export async function decryptSecrets(environment: string, file: string, text: string): Promise<Secrets> {
  const { [FINGERPRINT_KEY]: key, [FINGERPRINTS]: prints, ...values } = await decrypt(file);
  if (typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key))
    throw new Failure(`${secretsPath(environment)}: ${FINGERPRINT_KEY} is gone: restore the file from git.`);
  return { environment, text, values, fingerprintKey: key, fingerprints: prints };
}

/** Only the texts: what can be delivered and fingerprinted. */
export const textValues = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((e): e is [string, string] => typeof e[1] === "string"));

/** Whether somebody changed values by other ways and left the old fingerprints. */
export const isStale = ({ values, fingerprintKey, fingerprints: prints }: Secrets): boolean =>
  canonical(prints) !== canonical(fingerprints(textValues(values), fingerprintKey));

const canonical = (prints: unknown): string => JSON.stringify(Object.entries(prints ?? {}).sort());

/** Writes the first file of an environment. */
export async function createSecretsFile(
  environment: string,
  values: Record<string, string>,
  others: readonly string[],
) {
  const key = await fingerprintKeyOf(others);
  const content = { ...values, [FINGERPRINT_KEY]: key, [FINGERPRINTS]: fingerprints(values, key) };
  const text = await encrypt(secretsPath(environment), content);
  await replaceSecretsFile(environment, undefined, async (aside) => writeFileSync(aside, `${text}\n`));
}

/** Changes some values; every other line of the file stays as it is. */
export async function changeSecrets(
  secrets: Secrets,
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const values = { ...textValues(secrets.values), ...changes };
  await replaceSecretsFile(secrets.environment, secrets.text, async (aside) => {
    writeFileSync(aside, secrets.text);
    for (const [key, value] of Object.entries(changes)) await setEncryptedValue(aside, key, value);
    await setEncryptedValue(aside, FINGERPRINTS, fingerprints(values, secrets.fingerprintKey));
  });
}

/**
 * Replaces an environment's file with what `make` writes beside it: a kill at any moment leaves the old one whole.
 * Throws a {@link Failure} when the file is no longer `before`, for somebody else's change would be lost.
 */
export async function replaceSecretsFile(
  environment: string,
  before: string | undefined,
  make: (aside: string) => Promise<void>,
): Promise<void> {
  const file = secretsPath(environment);
  mkdirSync(dirname(file), { recursive: true });
  const aside = asidePath(file);
  try {
    await make(aside);
    if (encryptedFile(environment) !== before)
      throw new Failure(`${file} was changed in the meantime. Nothing was written: start again.`);
    writeAtomically(file, readFileSync(aside));
  } finally {
    rmSync(aside, { force: true });
  }
}

/** The key that all environments' fingerprints are made with: the one that is there, else a new one. */
async function fingerprintKeyOf(others: readonly string[]): Promise<string> {
  const other = others.find((name) => encryptedFile(name) !== undefined);
  if (!other) return randomBytes(32).toString("hex");
  const { fingerprintKey } = await loadSecrets(other).catch((error: unknown) => {
    throw new Failure(
      `Fingerprints compare environments, so ${other}'s key for them is needed. Only a person who can read ${secretsPath(other)} can run this.\n${error instanceof Failure ? error.message : ""}`,
    );
  });
  return fingerprintKey;
}
