import { createRequire } from "node:module";

/** As much of libsodium's binding as is used: it comes without types. */
interface Sodium {
  readonly ready: Promise<void>;
  crypto_box_keypair(): { publicKey: Uint8Array; privateKey: Uint8Array };
  crypto_box_seal_open(sealed: Uint8Array, publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array;
}

const sodium = createRequire(import.meta.url)("libsodium-wrappers") as Sodium;
await sodium.ready;

/** A key that secrets are encrypted to. */
export interface BoxKey {
  readonly id: string;
  /** Base64. */
  readonly publicKey: string;
  /** The text of a sealed box in base64; undefined where it was sealed for another key. */
  open(sealed: string): string | undefined;
}

export function newBoxKey(): BoxKey {
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return {
    id: String(Buffer.from(publicKey).readBigUInt64BE()),
    publicKey: Buffer.from(publicKey).toString("base64"),
    open(sealed) {
      try {
        const box = Buffer.from(sealed, "base64");
        return Buffer.from(sodium.crypto_box_seal_open(box, publicKey, privateKey)).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}
