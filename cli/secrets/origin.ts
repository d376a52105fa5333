import { existsSync, readFileSync } from "node:fs";
import type { Environment } from "../../config/load/environment.ts";
import { originKeyPath } from "../../lib/process-env.ts";
import { deployedOutputs } from "../shared/terraform.ts";

/** Key that `olympus csr` has made and certificate that Cloudflare has signed for it, as far as they are there. */
export async function originPair({ name, domain }: Environment): Promise<Record<string, string>> {
  const file = originKeyPath(domain);
  const key = existsSync(file) ? { ORIGIN_TLS_KEY: readFileSync(file, "utf8") } : {};
  const pem = await signed(name);
  return { ...key, ...(pem ? { ORIGIN_TLS_CERTIFICATE: pem } : {}) };
}

/** Terraform's output; undefined before the first deploy. */
async function signed(stack: string): Promise<string | undefined> {
  const outputs = await deployedOutputs({ stack, variables: {} }).catch(() => undefined);
  const pem = String(outputs?.origin_certificate);
  return pem.startsWith("-----BEGIN CERTIFICATE-----") ? `${pem.trim()}\n` : undefined;
}
