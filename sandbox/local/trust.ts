import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CertifiedKey, inDays, issue, newAuthority } from "../../lib/x509.ts";
import { LOCAL_DOMAIN } from "./environment.ts";
import { writeIfChanged } from "./files.ts";
import type { LocalPaths } from "./paths.ts";

/** Browsers take no certificate of more than 398 days. */
const VALID_DAYS = 396;
const AUTHORITY_DAYS = 7300;
const RENEW_DAYS = 30;

/** Values of the keys of secrets.keys.yaml that a local authority answers for; `kept` are those of an earlier run. */
export async function localTrust(
  places: LocalPaths,
  hosts: readonly string[],
  kept: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const authority = await savedAuthority(places);
  await writeIfChanged(places.trust, `${authority.certificate}\n`);
  const pair = isFit(kept.ORIGIN_TLS_CERTIFICATE, authority, hosts)
    ? { ORIGIN_TLS_CERTIFICATE: kept.ORIGIN_TLS_CERTIFICATE ?? "", ORIGIN_TLS_KEY: kept.ORIGIN_TLS_KEY ?? "" }
    : await newPair(authority, hosts);
  return { ...pair, ORIGIN_PULL_CA_CERTIFICATE: `${authority.certificate}\n` };
}

/** The authority of this sandbox: who trusts it trusts it for `localhost` only. */
async function savedAuthority({ root }: LocalPaths): Promise<CertifiedKey> {
  const file = join(root, "authority.json");
  if (!existsSync(file)) {
    const made = await newAuthority({
      subject: "O=Olympus sandbox, CN=Olympus local authority",
      notBefore: inDays(-1),
      notAfter: inDays(AUTHORITY_DAYS),
      within: "localhost",
    });
    await writeIfChanged(file, JSON.stringify(made), 0o600);
  }
  return JSON.parse(readFileSync(file, "utf8")) as CertifiedKey;
}

function isFit(pem: string | undefined, authority: CertifiedKey, hosts: readonly string[]): boolean {
  if (!pem) return false;
  const found = new X509Certificate(pem);
  return (
    found.verify(new X509Certificate(authority.certificate).publicKey) &&
    new Date(found.validTo) > inDays(RENEW_DAYS) &&
    hosts.every((host) => found.checkHost(host))
  );
}

async function newPair(authority: CertifiedKey, hosts: readonly string[]): Promise<Record<string, string>> {
  const { certificate, private_key } = await issue(authority, {
    subject: `CN=${LOCAL_DOMAIN}`,
    notBefore: inDays(-1),
    notAfter: inDays(VALID_DAYS),
    hostnames: hosts,
    usages: ["serverAuth"],
  });
  return { ORIGIN_TLS_CERTIFICATE: `${certificate}\n`, ORIGIN_TLS_KEY: `${private_key}\n` };
}
