import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { writeAtomically } from "../lib/files.ts";
import { newRequestAndKey } from "../lib/x509.ts";

/** Where a request and its key go. */
export interface RequestFiles {
  readonly request: string;
  /** Mode 0600, in a folder of 0700. */
  readonly key: string;
}

/** Makes an EC key and the certificate request of a domain. The key is on disk before the request: alone, that is worth nothing. */
export async function makeRequest(domain: string, files: RequestFiles): Promise<void> {
  const { request, private_key } = await newRequestAndKey(`CN=${domain}`);
  mkdirSync(dirname(files.key), { recursive: true, mode: 0o700 });
  mkdirSync(dirname(files.request), { recursive: true });
  writeAtomically(files.key, `${private_key}\n`, 0o600);
  writeAtomically(files.request, `${request}\n`);
}
