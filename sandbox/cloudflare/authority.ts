// The X.509 library resolves its algorithms through decorators and needs this first.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { z } from "zod";
import { newId, type Store } from "./store.ts";

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 86_400_000;
const saved = z.object({ certificate: z.string(), private_key: z.string() });

/** The sandbox's own origin authority: what stands for "Cloudflare Origin SSL Certificate Authority". */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/** The authority of this account, made on first use and kept with its state. */
export async function certificateAuthority(store: Store): Promise<Authority> {
  const known = await savedAuthority(store);
  if (known) return known;
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
  const now = Date.parse(store.now());
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newId(),
      name: "O=Olympus sandbox, CN=Sandbox Origin SSL Certificate Authority",
      notBefore: new Date(now - day),
      notAfter: new Date(now + 7300 * day),
      signingAlgorithm: ecdsa,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  // Another request may have made one in the meantime: the first one stays.
  if (store.get("authority", "origin")) return certificateAuthority(store);
  store.put("authority", "origin", {
    certificate: certificate.toString("pem"),
    private_key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
  });
  store.save();
  return { certificate, key: keys.privateKey };
}

async function savedAuthority(store: Store): Promise<Authority | undefined> {
  const row = store.get("authority", "origin");
  if (!row) return undefined;
  const { certificate, private_key } = saved.parse(row);
  const pkcs8 = PemConverter.decodeFirst(private_key);
  const key = await webcrypto.subtle.importKey("pkcs8", pkcs8, ecdsa, true, ["sign"]);
  return { certificate: new X509Certificate(certificate), key };
}

/** A CSR whose own signature holds, or undefined. */
export async function readRequest(pem: string): Promise<Pkcs10CertificateRequest | undefined> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    return (await request.verify(webcrypto)) ? request : undefined;
  } catch {
    return undefined;
  }
}

/** Signs the key of the CSR for `hostnames`; like the real authority it ignores the names inside the CSR. */
export async function signOrigin(
  authority: Authority,
  request: Pkcs10CertificateRequest,
  hostnames: readonly string[],
  validity: { readonly from: Date; readonly days: number },
): Promise<X509Certificate> {
  return X509CertificateGenerator.create(
    {
      serialNumber: newId(),
      subject: "O=Olympus sandbox, OU=Origin CA, CN=Sandbox Origin Certificate",
      issuer: authority.certificate.subject,
      notBefore: new Date(validity.from.getTime() - 300_000),
      notAfter: new Date(validity.from.getTime() + validity.days * day),
      signingAlgorithm: ecdsa,
      publicKey: request.publicKey,
      signingKey: authority.key,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        new SubjectAlternativeNameExtension(hostnames.map((value) => ({ type: "dns", value }))),
      ],
    },
    webcrypto,
  );
}
