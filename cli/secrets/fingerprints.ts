import { createHmac } from "node:crypto";
import { FINGERPRINT_KEY } from "../../secrets/secret-keys.ts";
import { oidcProviders } from "./oidc.ts";

/** A value that is still to come: the certificate that Cloudflare signs in a deploy, a client not registered yet. */
export const PENDING = "pending";

/** Nothing that anybody could misuse: off, none, still to come, Turnstile's public test keys, certificates. */
const PUBLIC = /^(off|\[\]|pending|[123]x0{31}AA)$|^-----BEGIN CERTIFICATE-----/;

/**
 * Fingerprints of everything in `values` that no two environments may share, by label. A list, a URL or a set of clients
 * gives several: a rotation or another port must not hide that a password is the same.
 */
export function fingerprints(
  values: Readonly<Record<string, string>>,
  fingerprintKey: string,
): Record<string, string> {
  const print = (text: string) =>
    createHmac("sha256", fingerprintKey).update(text).digest("hex").slice(0, 32);
  const labelled = Object.entries(values).flatMap(([key, value]) =>
    Object.entries(splitValue(key, value)).map(([label, part]) => [label, print(part)] as const),
  );
  // Tells whether two files were fingerprinted with the same key at all.
  return { [FINGERPRINT_KEY]: print(FINGERPRINT_KEY), ...Object.fromEntries(labelled) };
}

function splitValue(key: string, value: string): Record<string, string> {
  if (PUBLIC.test(value)) return {};
  if (/^smtps?:/.test(value)) {
    const { password } = URL.canParse(value) ? new URL(value) : { password: value };
    return password ? { [`${key} password`]: password } : {};
  }
  if (key === "CIAM_OIDC_PROVIDERS")
    return Object.fromEntries(
      (oidcProviders(value) ?? []).flatMap(({ id, client_id, client_secret, apple_private_key }) =>
        Object.entries({ client_id, client_secret, apple_private_key }).flatMap(([field, part]) =>
          part ? [[`${key} ${id} ${field}`, part]] : [],
        ),
      ),
    );
  const list = value.split(",");
  return Object.fromEntries(list.map((part, i) => [list.length > 1 ? `${key} ${i + 1}` : key, part]));
}
