// The X.509 library resolves its algorithms through decorators and needs this first.
import "reflect-metadata";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Extension, X509Certificate } from "@peculiar/x509";
import { newAuthority, openAuthority, readRequest, type SavedAuthority, signOrigin } from "../../lib/x509.ts";
import { makeRequest } from "../../secrets/certificate-request.ts";
import { LOCAL_DOMAIN } from "./environment.ts";
import { writeIfChanged } from "./files.ts";
import type { LocalPaths } from "./paths.ts";

const DAY_MS = 86_400_000;
/** Browsers take no certificate of more than 398 days. */
const VALID_DAYS = 397;
const RENEW_DAYS = 30;

/** DER of the name constraint (RFC 5280, 4.2.1.10) that permits `localhost` and what is below it, nothing else. */
const ONLY_LOCALHOST = new Extension(
  "2.5.29.30",
  true,
  Buffer.concat([Buffer.from("300fa00d300b8209", "hex"), Buffer.from("localhost")]),
);

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
    : await newPair(places, authority, hosts);
  return { ...pair, ORIGIN_PULL_CA_CERTIFICATE: `${authority.certificate}\n` };
}

/** The authority of this sandbox: who trusts it trusts it for `localhost` only. */
async function savedAuthority({ root }: LocalPaths): Promise<SavedAuthority> {
  const file = join(root, "authority.json");
  if (!existsSync(file)) {
    const made = await newAuthority("O=Olympus sandbox, CN=Olympus local authority", Date.now(), [
      ONLY_LOCALHOST,
    ]);
    await writeIfChanged(file, JSON.stringify(made), 0o600);
  }
  return JSON.parse(readFileSync(file, "utf8")) as SavedAuthority;
}

function isFit(pem: string | undefined, authority: SavedAuthority, hosts: readonly string[]): boolean {
  if (!pem) return false;
  const found = new X509Certificate(pem);
  const names = found.getExtension("2.5.29.17")?.toString("text") ?? "";
  return (
    found.issuer === new X509Certificate(authority.certificate).subject &&
    found.notAfter.getTime() > Date.now() + RENEW_DAYS * DAY_MS &&
    hosts.every((host) => names.includes(host))
  );
}

async function newPair(
  { root }: LocalPaths,
  saved: SavedAuthority,
  hosts: readonly string[],
): Promise<Record<string, string>> {
  const files = { request: join(root, "tls", "origin.csr"), key: join(root, "tls", "origin.key") };
  await makeRequest(LOCAL_DOMAIN, files);
  const request = await readRequest(readFileSync(files.request, "utf8"));
  if (!request) throw new Error(`${files.request} is no certificate request`);
  const certificate = await signOrigin(await openAuthority(saved), request, hosts, {
    from: new Date(),
    days: VALID_DAYS,
  });
  return {
    ORIGIN_TLS_CERTIFICATE: `${certificate.toString("pem")}\n`,
    ORIGIN_TLS_KEY: readFileSync(files.key, "utf8"),
  };
}
