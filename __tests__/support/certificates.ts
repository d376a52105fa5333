import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CertifiedKey, inDays, issue, newAuthority } from "../../lib/x509.ts";

/** An authority for tests: older than any certificate that a test makes, and good for a year. */
export const testAuthority = (name = "Test authority"): Promise<CertifiedKey> =>
  newAuthority({ subject: `CN=${name}`, notBefore: inDays(-100), notAfter: inDays(400) });

/** Writes a server's or client's certificate for `hostnames`, ending in so many days, to `name.crt` and `name.key`. */
export async function writeCertificate(
  authority: CertifiedKey,
  folder: string,
  name: string,
  hostnames: readonly string[],
  days = 90,
): Promise<void> {
  const made = await issue(authority, {
    subject: `CN=${name}`,
    notBefore: inDays(-90),
    notAfter: inDays(days),
    hostnames,
    usages: ["serverAuth", "clientAuth"],
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.crt`), `${made.certificate}\n`);
  writeFileSync(join(folder, `${name}.key`), `${made.private_key}\n`, { mode: 0o600 });
}

/** An authority `ca`.crt in `folder`, and certificates that it signed: file name to host name. */
export async function createCertificates(
  folder: string,
  ca: string,
  leaves: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const authority = await testAuthority(ca);
  for (const [name, hostnames] of Object.entries(leaves))
    await writeCertificate(authority, folder, name, hostnames);
  writeFileSync(join(folder, `${ca}.crt`), `${authority.certificate}\n`);
}
