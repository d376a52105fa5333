import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sandboxDirectory } from "../lib/process-env.ts";
import { inDays, issue, newAuthority } from "../lib/x509.ts";

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
  const validity = { notBefore: inDays(-1), notAfter: inDays(VALID_DAYS) };
  const subject = (name: string) => `O=Olympus sandbox, CN=${name}`;
  const authority = await newAuthority({ ...validity, subject: subject("Sandbox Origin Pull CA") });
  const client = await issue(authority, {
    ...validity,
    subject: subject("Sandbox edge"),
    usages: ["clientAuth"],
  });
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  writeFileSync(join(aside, "ca.crt"), `${authority.certificate}\n`);
  writeFileSync(join(aside, "client.crt"), `${client.certificate}\n`);
  writeFileSync(join(aside, "client.key"), `${client.private_key}\n`, { mode: 0o600 });
  if (existsSync(folder)) rmSync(aside, { recursive: true });
  else renameSync(aside, folder);
}
