import { inDays, issue, newAuthority } from "../lib/x509.ts";
import type { POSTGRES_TLS } from "./postgres-tls-keys.ts";

/** Rotated yearly, with a month to spare. */
const VALID_DAYS = 396;

/**
 * An authority of its own, a server certificate for `DNS:postgres` (Go's verify-full looks at no common name) and its RSA
 * key, as PEM. The authority's key is never written down: a rotation makes all three anew, as no one else trusts it.
 */
export async function postgresTls(now = new Date()): Promise<Record<(typeof POSTGRES_TLS)[number], string>> {
  const validity = { notBefore: inDays(-1, now), notAfter: inDays(VALID_DAYS, now) };
  const authority = await newAuthority({ ...validity, subject: "CN=Olympus Postgres CA", keys: "rsa" });
  const server = await issue(authority, {
    ...validity,
    subject: "CN=postgres",
    hostnames: ["postgres"],
    usages: ["serverAuth"],
  });
  return {
    POSTGRES_TLS_CA: `${authority.certificate}\n`,
    POSTGRES_TLS_CERTIFICATE: `${server.certificate}\n`,
    POSTGRES_TLS_KEY: `${server.private_key}\n`,
  };
}
