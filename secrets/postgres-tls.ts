// The X.509 library resolves its algorithms through decorators and needs this first.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { POSTGRES_TLS } from "./postgres-tls-keys.ts";

const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 3072,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const DAY_MS = 86_400_000;
/** Rotated yearly, with a month to spare. */
const VALID_DAYS = 396;

/**
 * An authority of its own, a server certificate for `DNS:postgres` (Go's verify-full looks at no common name) and its RSA
 * key, as PEM. The authority's key is never written down: a rotation makes all three anew, as no one else trusts it.
 */
export async function postgresTls(now = new Date()): Promise<Record<(typeof POSTGRES_TLS)[number], string>> {
  const [authorityKeys, keys] = await Promise.all([keyPair(), keyPair()]);
  const validity = {
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS),
    signingAlgorithm: rsa,
  };
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      serialNumber: serial(),
      name: "CN=Olympus Postgres CA",
      keys: authorityKeys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    },
    webcrypto,
  );
  const server = await X509CertificateGenerator.create(
    {
      ...validity,
      serialNumber: serial(),
      subject: "CN=postgres",
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: "dns", value: "postgres" }]),
      ],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    POSTGRES_TLS_CA: `${authority.toString("pem")}\n`,
    POSTGRES_TLS_CERTIFICATE: `${server.toString("pem")}\n`,
    POSTGRES_TLS_KEY: `${PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`,
  };
}

const keyPair = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(rsa, true, ["sign", "verify"]);

/** Positive, as X.509 wants it. */
const serial = (): string => `00${randomBytes(16).toString("hex")}`;
