// The X.509 library resolves its algorithms through decorators and needs this first.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

export interface TestAuthority {
  readonly pem: string;
  /** Writes origin.crt and origin.key into a folder: for this name, ending in so many days. */
  issue(folder: string, name: string, days: number): Promise<void>;
}

/** An authority that lives as long as the test. */
export async function authority(): Promise<TestAuthority> {
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
  const own = await X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=Test authority",
      notBefore: inDays(-100),
      notAfter: inDays(400),
      signingAlgorithm: ecdsa,
      keys,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  return {
    pem: own.toString("pem"),
    async issue(folder, name, days) {
      const leaf = await webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
      const certificate = await X509CertificateGenerator.create(
        {
          subject: `CN=${name}`,
          issuer: own.subject,
          notBefore: inDays(-90),
          notAfter: inDays(days),
          signingAlgorithm: ecdsa,
          publicKey: leaf.publicKey,
          signingKey: keys.privateKey,
          extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
        },
        webcrypto,
      );
      const key = await webcrypto.subtle.exportKey("pkcs8", leaf.privateKey);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "origin.crt"), certificate.toString("pem"));
      writeFileSync(join(folder, "origin.key"), PemConverter.encode(key, "PRIVATE KEY"));
    },
  };
}
