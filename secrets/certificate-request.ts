import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";

/** Where a request and its key go. */
export interface RequestFiles {
  readonly request: string;
  /** Mode 0600, in a folder of 0700. */
  readonly key: string;
}

/** Makes an EC key and the certificate request of a domain. The key is on disk before the request: alone, that is worth nothing. */
export async function makeRequest(domain: string, { request, key }: RequestFiles): Promise<void> {
  const curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
  const { stdout: pem } = await execa("openssl", ["genpkey", ...curve]);
  mkdirSync(dirname(key), { recursive: true, mode: 0o700 });
  mkdirSync(dirname(request), { recursive: true });
  writeAside(key, `${pem}\n`, 0o600);
  const { stdout: signed } = await execa("openssl", ["req", "-new", "-key", key, "-subj", `/CN=${domain}`]);
  writeAside(request, `${signed}\n`, 0o644);
}

function writeAside(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}
