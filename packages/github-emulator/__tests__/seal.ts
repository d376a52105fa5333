import { createRequire } from "node:module";

interface Sealer {
  readonly ready: Promise<void>;
  crypto_box_seal(text: Uint8Array, publicKey: Uint8Array): Uint8Array;
}
const sodium = createRequire(import.meta.url)("libsodium-wrappers") as Sealer;
await sodium.ready;

/** What GitHub's documentation tells clients to do with a secret's value. */
export const sealed = (text: string, publicKey: string): string =>
  Buffer.from(sodium.crypto_box_seal(Buffer.from(text), Buffer.from(publicKey, "base64"))).toString("base64");
