import { createPublicKey, verify } from "node:crypto";
import { DER, type DerElement, derElements, within } from "./der.ts";
import { type Refusal, refusal } from "./help.ts";

// Read by hand: the X.509 library takes longer to load than the whole configuration to check.

/** Object identifiers, as DER writes them, in hex. */
const COMMON_NAME = "550403";
const HOST_NAMES = "551d11";
const EXTENSIONS = "2a864886f70d01090e";
/** ECDSA with SHA-256, -384 and -512; the same for RSA, which is told apart so that the words can be right. */
const HASHES: Readonly<Record<string, string>> = {
  "2a8648ce3d040302": "sha256",
  "2a8648ce3d040303": "sha384",
  "2a8648ce3d040304": "sha512",
  "2a864886f70d01010b": "sha256",
  "2a864886f70d01010c": "sha384",
  "2a864886f70d01010d": "sha512",
};

interface CertificateRequest {
  /** Such as `ec` or `rsa`, as Node calls it. */
  readonly keyType: string | undefined;
  readonly curve: string | undefined;
  readonly isSigned: boolean;
  /** The common name, and hosts among the extensions. */
  readonly names: readonly string[];
}

/** Why a file's text is not a request that Cloudflare can sign for the domain. */
export function requestRefusal(pem: string, environment: string, domain: string): Refusal | undefined {
  const remedy = `run \`./olympus csr ${environment} --force\`, and put the new key among the secrets`;
  const request = parsed(pem);
  if (!request) return refusal("is not a certificate request", "a PKCS #10 request in PEM", remedy);
  if (request.keyType !== "ec" || !["prime256v1", "secp384r1"].includes(request.curve ?? ""))
    return refusal(
      `is for a key of ${request.curve ?? request.keyType ?? "an unknown kind"}`,
      "a request for a P-256 or P-384 key: Cloudflare is asked for a certificate of the type origin-ecc",
      remedy,
    );
  if (!request.isSigned)
    return refusal("has a signature that does not hold", "a request that its own key has signed", remedy);
  if (!request.names.includes(domain))
    return refusal(
      `is for ${request.names.join(", ") || "no name"}`,
      `a request whose common name, or one of whose hosts, is ${domain}`,
      remedy,
    );
  return undefined;
}

function parsed(pem: string): CertificateRequest | undefined {
  const [, base64] =
    /^\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----\s([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/.exec(
      pem,
    ) ?? [];
  if (!base64) return undefined;
  try {
    const [request, trailing] = derElements(Buffer.from(base64, "base64"));
    const [info, algorithm, signature] = within(request, DER.sequence);
    const [, subject, keyInfo, attributes] = within(info, DER.sequence);
    const key = createPublicKey({ key: keyInfo?.whole ?? Buffer.of(), format: "der", type: "spki" });
    const hash = HASHES[identifierOf(within(algorithm, DER.sequence)[0])];
    if (trailing || !info || signature?.tag !== DER.bitString || signature.body[0] !== 0) return undefined;
    return {
      keyType: key.asymmetricKeyType,
      curve: key.asymmetricKeyDetails?.namedCurve,
      // The first byte of a bit string counts bits that are not used: none here.
      isSigned: hash !== undefined && verify(hash, info.whole, key, signature.body.subarray(1)),
      names: [...commonNames(subject), ...hostNames(attributes)].map((name) => name.toLowerCase()),
    };
  } catch {
    return undefined;
  }
}

const identifierOf = (element: DerElement | undefined): string =>
  element?.tag === DER.objectId ? element.body.toString("hex") : "";

const commonNames = (subject: DerElement | undefined): string[] =>
  within(subject, DER.sequence)
    .flatMap((set) => within(set, DER.set))
    .map((pair) => within(pair, DER.sequence))
    .flatMap(([type, value]) => (identifierOf(type) === COMMON_NAME && value ? [value.body.toString()] : []));

function hostNames(attributes: DerElement | undefined): string[] {
  if (attributes?.tag !== DER.context0) return [];
  return derElements(attributes.body)
    .map((attribute) => within(attribute, DER.sequence))
    .filter(([type]) => identifierOf(type) === EXTENSIONS)
    .flatMap(([, values]) => within(values, DER.set))
    .flatMap((extensions) => within(extensions, DER.sequence))
    .map((extension) => within(extension, DER.sequence))
    .filter(([type]) => identifierOf(type) === HOST_NAMES)
    .flatMap((parts) => derElements(parts.find(({ tag }) => tag === DER.octetString)?.body ?? Buffer.of()))
    .flatMap((names) => within(names, DER.sequence))
    .flatMap(({ tag, body }) => (tag === DER.hostName ? [body.toString()] : []));
}
