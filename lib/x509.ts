// The X.509 library resolves its algorithms through decorators and needs this first.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 86_400_000;

/** A certificate authority of the sandbox's own. */
export interface CertificateAuthority {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/** The same as PEM, to be kept. */
export interface SavedAuthority {
  readonly certificate: string;
  readonly private_key: string;
}

/** Makes an authority valid for 20 years from `now` (milliseconds since 1970); `extensions` may bind it further. */
export async function newAuthority(
  name: string,
  now: number,
  extensions: readonly Extension[] = [],
): Promise<SavedAuthority> {
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serial(),
      name,
      notBefore: new Date(now - day),
      notAfter: new Date(now + 7300 * day),
      signingAlgorithm: ecdsa,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        ...extensions,
      ],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    private_key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
  };
}

export async function openAuthority({
  certificate,
  private_key,
}: SavedAuthority): Promise<CertificateAuthority> {
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

/** Signs the key of the CSR for `hostnames`; like Cloudflare's authority it ignores the names inside the CSR. */
export async function signOrigin(
  authority: CertificateAuthority,
  request: Pkcs10CertificateRequest,
  hostnames: readonly string[],
  validity: { readonly from: Date; readonly days: number },
): Promise<X509Certificate> {
  return X509CertificateGenerator.create(
    {
      serialNumber: serial(),
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

const serial = (): string => randomBytes(16).toString("hex");
