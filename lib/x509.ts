// The X.509 library resolves its algorithms through decorators and needs this first.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  type PublicKey,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const KEY_KINDS = {
  ec: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  rsa: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 3072,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
};
type KeyKind = keyof typeof KEY_KINDS;

const DAY_MS = 86_400_000;

/** So many days after `from`, or before it when negative. */
export const inDays = (days: number, from = new Date()): Date => new Date(from.getTime() + days * DAY_MS);

/** A certificate and its private key (PKCS #8), as PEM without a last line break. Its names are those of saved state. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly private_key: string;
}

interface Certified {
  /** Such as `O=Olympus, CN=postgres`. */
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What an authority is called, how long it lives, and what it may sign for. */
export interface AuthorityFields extends Certified {
  /** Also of what it issues with a key of its own making. Default `ec`. */
  readonly keys?: KeyKind;
  /** It signs for this domain and what lies below it, nothing else. */
  readonly within?: string;
}

/** What a server's or client's certificate says. Clients look at `hostnames`, not at the subject. */
export interface LeafFields extends Certified {
  readonly hostnames?: readonly string[];
  readonly usages: readonly ("serverAuth" | "clientAuth")[];
}

/** Makes an authority that signs leaves, no further authority. */
export async function newAuthority(fields: AuthorityFields): Promise<CertifiedKey> {
  const keys = await newKeys(fields.keys ?? "ec");
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: fields.subject,
      notBefore: fields.notBefore,
      notAfter: fields.notAfter,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
        ...(fields.within ? [nameConstraint(fields.within)] : []),
      ],
    },
    webcrypto,
  );
  return { certificate: certificate.toString("pem"), private_key: await pemOf(keys.privateKey) };
}

/** Makes a key of the authority's kind, and a certificate for it. */
export async function issue(authority: CertifiedKey, fields: LeafFields): Promise<CertifiedKey> {
  const { publicKey } = new X509Certificate(authority.certificate);
  const keys = await newKeys(publicKey.algorithm.name === KEY_KINDS.rsa.name ? "rsa" : "ec");
  const certificate = await sign(authority, keys.publicKey, fields);
  return { certificate, private_key: await pemOf(keys.privateKey) };
}

/** Signs the key of a request; like Cloudflare's authority it ignores the names inside the request. */
export const signRequest = (
  authority: CertifiedKey,
  request: Pkcs10CertificateRequest,
  fields: LeafFields,
): Promise<string> => sign(authority, request.publicKey, fields);

/** Makes an EC key and a certificate request that it signs. */
export async function newRequestAndKey(subject: string): Promise<{ request: string; private_key: string }> {
  const keys = await newKeys("ec");
  const form = { name: subject, keys, signingAlgorithm: KEY_KINDS.ec };
  const request = await Pkcs10CertificateRequestGenerator.create(form, webcrypto);
  return { request: request.toString("pem"), private_key: await pemOf(keys.privateKey) };
}

/** A certificate request whose own signature holds, or undefined. */
export async function readRequest(pem: string): Promise<Pkcs10CertificateRequest | undefined> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    return (await request.verify(webcrypto)) ? request : undefined;
  } catch {
    return undefined;
  }
}

async function sign(
  authority: CertifiedKey,
  publicKey: PublicKey | webcrypto.CryptoKey,
  { subject, notBefore, notAfter, hostnames = [], usages }: LeafFields,
): Promise<string> {
  const issuer = new X509Certificate(authority.certificate);
  const pkcs8 = PemConverter.decodeFirst(authority.private_key);
  const algorithm = { ...issuer.publicKey.algorithm, hash: "SHA-256" };
  const signingKey = await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  const names = hostnames.map((value) => ({ type: "dns" as const, value }));
  const certificate = await X509CertificateGenerator.create(
    {
      subject,
      issuer: issuer.subjectName,
      notBefore,
      notAfter,
      publicKey,
      signingKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension(usages.map((usage) => ExtendedKeyUsage[usage])),
        ...(names.length ? [new SubjectAlternativeNameExtension(names)] : []),
      ],
    },
    webcrypto,
  );
  return certificate.toString("pem");
}

const newKeys = (kind: KeyKind): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(KEY_KINDS[kind], true, ["sign", "verify"]);

const pemOf = async (key: webcrypto.CryptoKey): Promise<string> =>
  PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");

/** One permitted DNS name and what is below it (RFC 5280, 4.2.1.10), in DER: the library has no such extension. */
function nameConstraint(domain: string): Extension {
  const der = (tag: number, body: Buffer) => Buffer.concat([Buffer.from([tag, body.length]), body]);
  return new Extension("2.5.29.30", true, der(0x30, der(0xa0, der(0x30, der(0x82, Buffer.from(domain))))));
}
