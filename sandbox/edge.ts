import { join } from "node:path";
import { Failure } from "../lib/failure.ts";
import { writeAtomically } from "../lib/files.ts";
import { sandboxDirectory } from "../lib/process-env.ts";

/** The authority that has signed the certificates of a sandbox's machines, for `curl --cacert`. */
export const originAuthorityFile = (): string => join(sandboxDirectory(), "origin-ca.pem");

/** Fetches it from the emulated Cloudflare at `url`. */
export async function fetchOriginAuthority(url: string): Promise<void> {
  const answer = await fetch(`${url}/_sandbox/authority.pem`);
  if (!answer.ok) throw new Failure(`The emulated Cloudflare answered ${answer.status} to ${answer.url}.`);
  writeAtomically(originAuthorityFile(), `${(await answer.text()).trim()}\n`);
}
