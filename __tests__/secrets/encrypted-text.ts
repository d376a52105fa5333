import { FINGERPRINT_KEY, FINGERPRINTS } from "../../secrets/secret-keys.ts";

export const SECRET = "ENC[AES256_GCM,data:ug==,iv:aaaa,tag:bbbb,type:str]";

/** Text of an encrypted file as sops leaves it, with fingerprints of its own. JSON is YAML. */
export function encryptedText(
  keys: readonly string[],
  mark: string,
  changes: Record<string, unknown> = {},
): string {
  const print = (n: number) => `${n.toString(16)}`.padStart(32, mark);
  const fields: Record<string, unknown> = {
    ...Object.fromEntries(keys.map((key) => [key, SECRET])),
    [FINGERPRINT_KEY]: SECRET,
    [FINGERPRINTS]: {
      [FINGERPRINT_KEY]: "0".repeat(32),
      ...Object.fromEntries(keys.map((key, n) => [key, print(n)])),
    },
    sops: { mac: SECRET, age: [{ recipient: "age1" }] },
    ...changes,
  };
  return JSON.stringify(fields);
}
