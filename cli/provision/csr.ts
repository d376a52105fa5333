import { existsSync } from "node:fs";
import { shipped } from "../../config/environments.ts";
import { csrPath } from "../../config/load/environment.ts";
import { mirrorOverlaySchema } from "../../config/load/schema.ts";
import { Failure } from "../../lib/failure.ts";
import { originKeyPath, requestDirectory } from "../../lib/process-env.ts";
import { makeRequest } from "../../secrets/certificate-request.ts";

/**
 * Makes the key and the certificate request of an environment. The request goes into the repository; the key stays in
 * `.secrets/`, which git ignores, until it is put among the environment's secrets.
 */
export async function csr(environment: string, options: { readonly force?: boolean }): Promise<void> {
  const [, overlay] = [shipped.reference, ...shipped.mirrors].find(([name]) => name === environment) ?? [];
  const domain = mirrorOverlaySchema.shape.domain.safeParse(
    (overlay as { domain?: unknown } | undefined)?.domain,
  ).data;
  if (!domain) throw new Failure(`config/${environment}.ts names no domain`);
  const [request, key] = [csrPath(domain, requestDirectory()), originKeyPath(domain)];
  if ((existsSync(request) || existsSync(key)) && !options.force)
    throw new Failure(
      `${request} or ${key} is already there. A new key needs a new certificate: pass --force to replace both.`,
    );
  await makeRequest(domain, { request, key });
  console.log(`${request}  commit it\n${key}  keep it: it belongs among the secrets of ${environment}`);
}
