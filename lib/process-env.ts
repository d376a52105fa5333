import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** What a person keeps in their file of accounts: of this process alone, which hands each program what it needs and no more. */
const accounts = new Map<string, string>();

/**
 * The one door to the process environment: every variable the program reads is named here.
 * Secrets never pass through: Terraform reads its tokens itself (TF_VAR_…).
 */
const variable = (name: string): string | undefined => process.env[name] || accounts.get(name) || undefined;

/** A value for one run that says which environments it is for: `prod,staging=/folder`. */
export interface NamedValue {
  /** Empty where the variable names none. */
  readonly environments: readonly string[];
  readonly value: string;
}

function namedValue(name: string): NamedValue | undefined {
  const text = variable(name);
  if (text === undefined) return undefined;
  const [, names, value] = /^([a-z][a-z0-9-]*(?:,[a-z][a-z0-9-]*)*)=(.*)$/s.exec(text) ?? [];
  return names !== undefined && value !== undefined
    ? { environments: names.split(","), value }
    : { environments: [], value: text };
}

/** Variables that change what is planned or released, for one run. */
const RUN_VARIABLES = [
  "OLYMPUS_ALLOW_DESTROY",
  "OLYMPUS_ALLOW_RESTORE",
  "OLYMPUS_HOST_TYPE",
  "OLYMPUS_BACKUP_ENDPOINT",
  "OLYMPUS_CSR_DIR",
  "OLYMPUS_IMAGE_LOCK",
  "OLYMPUS_PROVIDER_LOCK",
  "OLYMPUS_STATE_DIR",
];

/** Those that are set, as `NAME=value`. */
export const runVariablesSet = (): string[] =>
  RUN_VARIABLES.flatMap((name) => {
    const value = variable(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });

/**
 * Whether a decision that is overdue stops this run: where it reaches real clouds. A night must end all the same, and what is shipped
 * must be of use in the sandbox for ever.
 */
export const asksExpiry = (): boolean => reachesRealClouds() && variable("OLYMPUS_EXPIRED") !== "passes";

/** Folder for what is expensive to make and safe to delete: provider mirrors, built programs, images. */
export const cacheDirectory = (): string =>
  variable("OLYMPUS_CACHE_DIR") ??
  join(variable("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "olympus-infra");

/** Absolute folder of the sandbox: its state, sockets and Terraform output. Default `.sandbox` in the checkout. */
export const sandboxDirectory = (): string => resolve(variable("OLYMPUS_SANDBOX_DIR") ?? ".sandbox");

/** Folder of local Terraform state files; unset means the checkout's own `state/`. */
export const stateDirectory = (): string | undefined => variable("OLYMPUS_STATE_DIR");

/** Folder of states that could not be saved: outside of the checkout, and never safe to delete. */
export const keptDirectory = (): string =>
  join(variable("XDG_STATE_HOME") ?? join(homedir(), ".local", "state"), "olympus-infra");

/** Folder of certificate requests; unset means `config/csr` of the checkout. */
export const requestDirectoryOverride = (): NamedValue | undefined => namedValue("OLYMPUS_CSR_DIR");
export const requestDirectory = (): string => requestDirectoryOverride()?.value ?? join("config", "csr");

/** Folder of what git must not see: keys before they are put among the secrets, host keys of machines. */
export const privateDirectory = (): string => variable("OLYMPUS_SECRETS_DIR") ?? ".secrets";

/** The digests of the images; unset means the checkout's own. */
export const imageLockOverride = (): NamedValue | undefined => namedValue("OLYMPUS_IMAGE_LOCK");
export const imageLockPath = (): string => imageLockOverride()?.value ?? join("config", "images.lock.json");

/** Checksums of the Terraform providers; unset means the checkout's own. */
export const providerLockPath = (): string =>
  variable("OLYMPUS_PROVIDER_LOCK") ?? join("config", "terraform.lock.hcl");

/** The providers that Terraform finds as running processes, as JSON by their addresses: its own variable. */
export const reattachedProviders = (): string | undefined => variable("TF_REATTACH_PROVIDERS");

/** Key of a domain's origin certificate, before it is put among the secrets. */
export const originKeyPath = (domain: string): string => join(privateDirectory(), `${domain}.key`);

/** Private half of an environment's deploy key, before it is GitHub's alone. */
export const deployKeyPath = (environment: string): string =>
  join(privateDirectory(), `deploy-${environment}`);

/** Private key for machines; unset means that ssh-agent and the user's own configuration decide. */
export const sshIdentity = (): string | undefined => variable("OLYMPUS_SSH_KEY");

/** Folder of `.sops.yaml` and `secrets/`, the encrypted files; unset means the root of the checkout. */
export const encryptedSecretsDirectory = (): string => variable("OLYMPUS_SEALED_DIR") ?? "";

/** Name of the environment whose volume and addresses this one run may destroy. */
export const destroyable = (): string | undefined => variable("OLYMPUS_ALLOW_DESTROY");

/** Another server type for one rehearsal in this one run, such as `staging=cpx32`. */
export const hostTypeOverride = (): string | undefined => variable("OLYMPUS_HOST_TYPE");

/** Hetzner's API, by the provider's own variable. */
export const hetznerEndpoint = (): string => variable("HCLOUD_ENDPOINT") ?? "https://api.hetzner.cloud/v1";

/** Cloudflare's API, by the provider's own variable. */
export const cloudflareEndpoint = (): string =>
  variable("CLOUDFLARE_BASE_URL") ?? "https://api.cloudflare.com/client/v4";

/** Where published advisories are asked for; another one is for who keeps a copy. */
export const osvEndpoint = (): string => variable("OLYMPUS_OSV_URL") ?? "https://api.osv.dev";

const isHere = (url: string | undefined): boolean =>
  url !== undefined && /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(url);
/** Whether this shell leads to the sandbox: both clouds are on this computer. */
export const isSandboxShell = (): boolean =>
  isHere(variable("HCLOUD_ENDPOINT")) && isHere(variable("CLOUDFLARE_BASE_URL"));

const CLOUD_TOKEN =
  /^(TF_VAR_(hcloud|cloudflare)_token_|HCLOUD_TOKEN|CLOUDFLARE_API_TOKEN|OLYMPUS_TOKENS_AT_HAND$)/;

/** For a synth of ours, which inherits no token of the file of accounts: that there are some. */
export const tokensAtHand = (): Record<string, string> =>
  [...accounts.keys()].some((name) => CLOUD_TOKEN.test(name)) ? { OLYMPUS_TOKENS_AT_HAND: "1" } : {};

/** Whether this process could change something at the real clouds: it has tokens, and not both endpoints are on this computer. */
export const reachesRealClouds = (): boolean =>
  !isSandboxShell() && variableNames().some((name) => CLOUD_TOKEN.test(name));

/** Name of the environment without extras whose data this one run may replace by a backup. */
export const restorable = (): string | undefined => variable("OLYMPUS_ALLOW_RESTORE");

/** Where backups go instead of the configured store. */
export const backupEndpoint = (): NamedValue | undefined => namedValue("OLYMPUS_BACKUP_ENDPOINT");

/** The Terraform or OpenTofu to run, by cdktf's own variable. */
export const terraformBinary = (): string => variable("TERRAFORM_BINARY_NAME") ?? "terraform";

/** The file of keys to stores that Terraform reads, by Amazon's own variable. */
export const awsCredentialsFile = (): string =>
  variable("AWS_SHARED_CREDENTIALS_FILE") ?? join(homedir(), ".aws", "credentials");

/** Where the synthesized stacks go: what cdktf-cli tells its app, else what people tell cdktf-cli. */
export const outputDirectory = (): string =>
  variable("CDKTF_OUTDIR") ?? variable("CDKTF_OUTPUT") ?? "cdktf.out";

/** The folder the user called from, before the launcher moved to the root of the checkout. */
export const callerDirectory = (): string => variable("INIT_CWD") ?? process.cwd();

/** The private file of a person's tokens and keys; unset means the user's configuration. */
export const accountsPath = (): string =>
  variable("OLYMPUS_ACCOUNTS") ??
  join(variable("XDG_CONFIG_HOME") ?? join(homedir(), ".config"), "olympus-infra", "accounts.env");

/** Takes variables for this process and none of its children; those that the shell sets count more. */
export const takeVariables = (variables: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(variables)) accounts.set(name, value);
};

/** Names of all variables that are set, for those who must know which of another program's are. */
export const variableNames = (): string[] => [
  ...new Set([...Object.keys(process.env), ...accounts.keys()].filter((name) => variable(name))),
];

/**
 * Name of the environment whose the variables without a name are (`HCLOUD_TOKEN`, `SMOKE_EMAIL`): so a workflow hands on the
 * secrets of its job's environment and names none. Without it such a variable is nobody's.
 */
export const credentialsOwner = (): string | undefined => variable("OLYMPUS_CREDENTIALS_OF");

/** A variable whose name the configuration makes, such as HCLOUD_TOKEN_STAGING. */
export const namedVariable = (name: string): string | undefined => variable(name);

/** Whether a person is there to be asked. */
export const isTerminal = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true;

export const debugsStackTraces = (): boolean => variable("OLYMPUS_STACK_TRACES") !== undefined;

/** `address:port` of a registry, over plain HTTP, that tests ask in the place of every image's own. */
export const testRegistry = (): string | undefined => variable("OLYMPUS_TEST_REGISTRY");

/** Whether only what was prepared may be used: nothing is built or installed in this process and its children. */
export const usesPreparedOnly = (): boolean => variable("OLYMPUS_PREPARED") !== undefined;

export const runsInCi = (): boolean => variable("CI") !== undefined;

/** Environment for a child process: ours, with `extra` on top; `undefined` takes a variable away. */
export const childEnvironment = (extra: Record<string, string | undefined> = {}): Record<string, string> => {
  const merged = { ...process.env, ...extra };
  return Object.fromEntries(Object.entries(merged).filter((e): e is [string, string] => e[1] !== undefined));
};
