// The X.509 library resolves its algorithms through decorators and needs this first.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { sandboxDirectory } from "../lib/process-env.ts";

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;
const VALID_DAYS = 3650;

/**
 * A file of the sandbox's edge: `ca.crt` is what stands for Cloudflare's origin-pull CA; `client.crt` and `client.key`
 * are what the edge shows to a machine, for `curl --cert` or `olympus smoke --cert`.
 */
export const originPullFile = (name: "ca.crt" | "client.crt" | "client.key"): string =>
  join(sandboxDirectory(), "origin-pull", name);

/** Makes the three once. The authority's key is never written down: it signs this one certificate. */
export async function ensureOriginPull(): Promise<void> {
  const folder = join(sandboxDirectory(), "origin-pull");
  if (existsSync(folder)) return;
  const validity = {
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + VALID_DAYS * DAY_MS),
    signingAlgorithm: ecdsa,
  };
  const [authorityKeys, keys] = await Promise.all([keyPair(), keyPair()]);
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      serialNumber: serial(),
      name: "O=Olympus sandbox, CN=Sandbox Origin Pull CA",
      keys: authorityKeys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    },
    webcrypto,
  );
  const client = await X509CertificateGenerator.create(
    {
      ...validity,
      serialNumber: serial(),
      subject: "O=Olympus sandbox, CN=Sandbox edge",
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      ],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  writeFileSync(join(aside, "ca.crt"), `${authority.toString("pem")}\n`);
  writeFileSync(join(aside, "client.crt"), `${client.toString("pem")}\n`);
  writeFileSync(join(aside, "client.key"), `${PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, { mode: 0o600 });
  if (existsSync(folder)) rmSync(aside, { recursive: true });
  else renameSync(aside, folder);
}

const keyPair = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);

/** Positive, as X.509 wants it. */
const serial = (): string => `00${randomBytes(16).toString("hex")}`;
