import { parse } from "yaml";
import * as z from "zod";
import { encryptedFile, FINGERPRINT_KEY, FINGERPRINTS, secretKeys } from "./secret-keys.ts";

const encryptedValue = z.string().startsWith("ENC[AES256_GCM,");
const print = z.string().regex(/^[0-9a-f]{32}$/);
const encryptedFileSchema = z.looseObject({
  sops: z.looseObject({ mac: encryptedValue, age: z.array(z.unknown()).min(1) }),
  [FINGERPRINT_KEY]: encryptedValue,
  [FINGERPRINTS]: z.record(z.string(), print).and(z.looseObject({ [FINGERPRINT_KEY]: print })),
});

/** What an encrypted file shows without a key: which values it has, whether each is encrypted, and its fingerprints. */
export interface InspectedFile {
  readonly values: Record<string, boolean>;
  readonly fingerprints: Record<string, string>;
  /** Fingerprint of the key that fingerprints are made with. */
  readonly mark: string;
}

/** Reads the text of an encrypted file; `foreign` when sops did not write it, whatever else it may be. */
export function inspectEncrypted(text: string): InspectedFile | "foreign" {
  try {
    const {
      sops,
      [FINGERPRINT_KEY]: key,
      [FINGERPRINTS]: prints,
      ...values
    } = encryptedFileSchema.parse(parse(text, { logLevel: "error" }));
    const { [FINGERPRINT_KEY]: mark, ...fingerprints } = prints;
    const isEncrypted = (value: unknown) => encryptedValue.safeParse(value).success;
    return {
      fingerprints,
      mark,
      values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, isEncrypted(value)])),
    };
  } catch {
    return "foreign";
  }
}

/**
 * The encrypted files of these environments, undefined for those that have none, and the keys that each must have: what
 * chance makes is no other's. Undefined before the first `olympus secrets init`.
 */
export function inspectEncryptedSecrets(environments: readonly string[]) {
  const texts = environments.map((name) => [name, encryptedFile(name)] as const);
  if (texts.every(([, text]) => text === undefined)) return undefined;
  return {
    files: Object.fromEntries(
      texts.map(([name, text]) => [name, text === undefined ? undefined : inspectEncrypted(text)]),
    ),
    keys: secretKeys().map(({ key, generator }) => ({ key, unique: /^(hex|base64)/.test(generator) })),
  };
}
