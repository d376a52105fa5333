import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { PROVIDER_SOURCES } from "../../config/load/provider-sources.ts";
import { PROVIDER_VERSIONS } from "../../config/load/provider-versions.ts";
import { writeAtomically } from "../../lib/files.ts";
import { sandboxDirectory, terraformBinary } from "../../lib/process-env.ts";
import { LOCK_FILE } from "../../lib/provider-lock.ts";
import { terraformEnvironment } from "../../lib/terraform-environment.ts";

/** The lock of the sandbox's own providers: what is built from source has other checksums than the registry's. */
export const sandboxLockPath = (): string => join(sandboxDirectory(), "terraform.lock.hcl");

/**
 * Locks what Terraform finds with these variables (TF_CLI_CONFIG_FILE, TF_REATTACH_PROVIDERS). A provider that runs already is
 * not locked. Throws with Terraform's words.
 */
export async function lockSandboxProviders(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-lock-"));
  try {
    const required_providers = Object.fromEntries(
      (["hcloud", "cloudflare"] as const).map((name) => [
        name,
        { source: PROVIDER_SOURCES[name], version: PROVIDER_VERSIONS[name] },
      ]),
    );
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const env = terraformEnvironment({ ...variables, TF_CLI_ARGS_init: undefined });
    await execa(terraformBinary(), ["init", "-input=false", "-no-color"], {
      cwd: folder,
      env,
      extendEnv: false,
    });
    const made = join(folder, LOCK_FILE);
    writeAtomically(sandboxLockPath(), existsSync(made) ? readFileSync(made) : "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
