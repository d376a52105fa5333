import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { csrPath } from "../config/environment.ts";
import { shipped } from "../config/index.ts";
import { mirrorOverlaySchema } from "../config/schema.ts";
import { Failure } from "./lib/failure.ts";

/**
 * Makes the key and the certificate request of an environment. The request goes into the repository; the key stays in
 * `.secrets/`, which git ignores, until it is put among the environment's secrets.
 */
export async function csr(environment: string, options: { readonly force?: boolean }): Promise<void> {
  const overlay = new Map([shipped.reference, ...shipped.mirrors]).get(environment);
  const domain = mirrorOverlaySchema.shape.domain.safeParse(
    (overlay as { domain?: unknown } | undefined)?.domain,
  ).data;
  if (!domain) throw new Failure(`config/${environment}.ts names no domain`);
  const request = csrPath(domain);
  const key = join(".secrets", `${domain}.key`);
  if ((existsSync(request) || existsSync(key)) && !options.force)
    throw new Failure(
      `${request} or ${key} is already there. A new key means a new certificate: say --force when you want one.`,
    );

  mkdirSync(".secrets", { recursive: true, mode: 0o700 });
  const { stdout: pem } = await execa("openssl", [
    "genpkey",
    "-algorithm",
    "EC",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
  ]);
  const { stdout: signed } = await execa(
    "openssl",
    ["req", "-new", "-key", "/dev/stdin", "-subj", `/CN=${domain}`],
    { input: pem },
  );
  // The key first: a request without its key is worth nothing.
  writeAside(key, `${pem}\n`, 0o600);
  writeAside(request, `${signed}\n`, 0o644);
  console.log(`${request}  commit it\n${key}  keep it: it belongs among the secrets of ${environment}`);
}

function writeAside(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}
