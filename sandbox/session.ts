import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { shipped } from "../config/environments.ts";
import { isAlive } from "../lib/is-alive.ts";
import { sandboxDirectory } from "../lib/process-env.ts";
import { READ_ONLY_INIT } from "../lib/terraform-environment.ts";
import { BACKUP_ENDPOINT } from "./backup-store.ts";
import { tokenZonesSchema, zonesSchema } from "./daemon-options.ts";
import { identityFile } from "./machines/host-prerequisites.ts";
import { sandboxLockPath } from "./terraform/lock.ts";

export const sessionPath = (): string => join(sandboxDirectory(), "session.json");

/** The sandbox that runs: who serves it, where, and with which tokens. The file is for its owner's eyes only. */
const sessionSchema = z.strictObject({
  pid: z.int().positive(),
  hetznerUrl: z.url(),
  cloudflareUrl: z.url(),
  /** Which Cloudflare provider Terraform meets. */
  cloudflare: z.enum(["real", "stand-in"]),
  /** TF_REATTACH_PROVIDERS of the stand-in. */
  reattach: z.string().optional(),
  /** Terraform CLI configuration that names the provider mirror. */
  cliConfig: z.string().optional(),
  /** Process of the image registry, where servers are real machines. */
  registryPid: z.int().positive().optional(),
  /** Tokens by the name of the Terraform variable that takes them. */
  tokens: z.record(z.string(), z.string()),
  zones: zonesSchema.default([]),
  tokenZones: tokenZonesSchema.default({}),
});
export type SandboxSession = z.infer<typeof sessionSchema>;

/** The running sandbox, or undefined when none answers for it. */
export function runningSession(): SandboxSession | undefined {
  try {
    const session = sessionSchema.parse(JSON.parse(readFileSync(sessionPath(), "utf8")));
    return isAlive(session.pid) ? session : undefined;
  } catch {
    return undefined;
  }
}

/** Where a sandbox keeps its encrypted secrets, and the only age key that opens them. */
export const secretPaths = (): { readonly sealed: string; readonly ageKey: string } => ({
  sealed: resolve(sandboxDirectory(), "sealed"),
  ageKey: resolve(sandboxDirectory(), "age", "keys.txt"),
});

/**
 * What a shell must set, and unset, for `cdktf` and Terraform to meet the sandbox and nothing else. The program that
 * is deployed does not know: only endpoints, tokens and the places of state and output differ.
 */
export function sandboxVariables(session: SandboxSession): Record<string, string | undefined> {
  const folder = (name: string): string => resolve(sandboxDirectory(), name);
  const names = [shipped.reference, ...shipped.mirrors].map(([name]) => name).join(",");
  return {
    HCLOUD_ENDPOINT: `${session.hetznerUrl}/v1`,
    CLOUDFLARE_BASE_URL: `${session.cloudflareUrl}/client/v4`,
    TF_REATTACH_PROVIDERS: session.reattach,
    TF_CLI_CONFIG_FILE: session.cliConfig,
    OLYMPUS_PROVIDER_LOCK: sandboxLockPath(),
    // A sandbox that was started by an earlier version has none.
    TF_CLI_ARGS_init: existsSync(sandboxLockPath()) ? READ_ONLY_INIT.TF_CLI_ARGS_init : undefined,
    ...Object.fromEntries(Object.entries(session.tokens).map(([name, token]) => [`TF_VAR_${name}`, token])),
    OLYMPUS_STATE_DIR: folder("state"),
    // The requests that are committed have keys that nobody here holds.
    OLYMPUS_CSR_DIR: `${names}=${folder("csr")}`,
    OLYMPUS_SECRETS_DIR: folder("secrets"),
    OLYMPUS_SEALED_DIR: secretPaths().sealed,
    SOPS_AGE_KEY_FILE: secretPaths().ageKey,
    // Another key must not become a reader of the sandbox's, nor be in its reach.
    SOPS_AGE_KEY: undefined,
    SOPS_AGE_KEY_CMD: undefined,
    // Whoever uses ssh here has no key on the machines of the configuration's operators, but the sandbox's own.
    OLYMPUS_SSH_KEY: session.registryPid === undefined ? undefined : identityFile(sandboxDirectory()),
    OLYMPUS_BACKUP_ENDPOINT: session.registryPid === undefined ? undefined : `${names}=${BACKUP_ENDPOINT}`,
    // Its machines run images that are built here, and those have no registry's digest.
    OLYMPUS_IMAGE_LOCK: `${names}=${folder("images.lock.json")}`,
    CDKTF_OUTPUT: folder("cdktf.out"),
    CDKTF_HOME: folder("cdktf-home"),
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    // cdktf-cli would ask the registry for hashes that a mirror does not have.
    CDKTF_SKIP_PROVIDER_LOCK: session.cliConfig && "true",
    CHECKPOINT_DISABLE: "1",
    // The tokens of real clouds must not be in reach.
    HCLOUD_TOKEN: undefined,
    CLOUDFLARE_API_TOKEN: undefined,
    CLOUDFLARE_API_KEY: undefined,
    CLOUDFLARE_EMAIL: undefined,
  };
}
