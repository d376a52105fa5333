import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Environment } from "../../config/load/environment.ts";
import { childEnvironment, originKeyPath, outputDirectory, terraformBinary } from "../../lib/process-env.ts";

/** Key that `olympus csr` has made and certificate that Cloudflare has signed for it, as far as they are there. */
export async function originPair({ name, domain }: Environment): Promise<Record<string, string>> {
  const file = originKeyPath(domain);
  const key = existsSync(file) ? { ORIGIN_TLS_KEY: readFileSync(file, "utf8") } : {};
  const pem = await signed(name);
  return { ...key, ...(pem ? { ORIGIN_TLS_CERTIFICATE: pem } : {}) };
}

/** Terraform's output; undefined before the first deploy. */
async function signed(stack: string): Promise<string | undefined> {
  const folder = join(outputDirectory(), "stacks", stack);
  if (!existsSync(folder)) return undefined;
  const { stdout } = await execa(terraformBinary(), ["output", "-raw", "-no-color", "origin_certificate"], {
    cwd: folder,
    env: childEnvironment({ TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", SOPS_AGE_KEY: undefined }),
    extendEnv: false,
    reject: false,
  });
  return stdout?.startsWith("-----BEGIN CERTIFICATE-----") ? `${stdout.trim()}\n` : undefined;
}
