import { Failure } from "./failure.ts";
import { childEnvironment, namedVariable, variableNames } from "./process-env.ts";

/** A variable that a shell may still hold from another project, and what Terraform would do with it. */
interface Foreign {
  readonly name: RegExp;
  readonly does: string;
}

const FOREIGN: readonly Foreign[] = [
  { name: /^TF_WORKSPACE$/, does: "chooses another state" },
  { name: /^TF_DATA_DIR$/, does: "keeps which state is meant in another folder" },
  { name: /^TF_CLI_ARGS/, does: "adds options to Terraform's commands" },
  { name: /^TF_VAR_hibernated_/, does: "takes a server away; olympus sleep sets it for its own Terraform" },
];
const FOREIGN_TO_S3: readonly Foreign[] = [
  { name: /^AWS_(DEFAULT_)?PROFILE$/, does: "chooses another account for the state" },
  {
    name: /^AWS_(ENDPOINT_URL|\w+_ENDPOINT$|USE_(FIPS|DUALSTACK)_ENDPOINT$)/,
    does: "chooses another store for the state",
  },
  { name: /^AWS_CONFIG_FILE$/, does: "chooses another account for the state" },
];
/**
 * Lets `terraform init` download only what the lock holds: it fails where a state names another provider. Never changes what
 * is planned.
 */
export const READ_ONLY_INIT: Readonly<Record<string, string>> = { TF_CLI_ARGS_init: "-lockfile=readonly" };

/** What Terraform and its providers may take from the shell, of the names that are theirs. */
const OWN =
  /^(TF_(CLI_CONFIG_FILE|PLUGIN_CACHE_\w+|REATTACH_PROVIDERS|LOG\w*|TOKEN_\w+|REGISTRY_\w+|ENCRYPTION|CLI_ARGS_init)|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SHARED_CREDENTIALS_FILE|SESSION_TOKEN|SSE_CUSTOMER_KEY|CA_BUNDLE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+|EC2_METADATA_DISABLED)|HCLOUD_(ENDPOINT|POLL_\w+)|CLOUDFLARE_BASE_URL)$/;
const THEIRS = /^(TF|AWS|HCLOUD|CLOUDFLARE)_/;

/** Throws a {@link Failure} that names what this shell holds and Terraform would obey. */
export function refuseForeignVariables(isStateInS3: boolean): void {
  const found = variableNames()
    .filter((name) => namedVariable(name) !== READ_ONLY_INIT[name])
    .flatMap((name) => {
      const foreign = [...FOREIGN, ...(isStateInS3 ? FOREIGN_TO_S3 : [])].find((one) => one.name.test(name));
      return foreign ? [{ name, does: foreign.does }] : [];
    });
  if (found.length)
    throw new Failure(
      [
        "This shell holds what changes which state is meant, or what is planned:",
        ...found.map(({ name, does }) => `  ${name}: ${does}`),
        `Run \`unset ${found.map(({ name }) => name).join(" ")}\` and the same command again.`,
      ].join("\n"),
    );
}

/**
 * Throws a {@link Failure} with what to export, where this shell would let `init` add to the lock. Ours sets it for its own
 * Terraform; cdktf-cli has only what the shell has.
 */
export function requireReadOnlyInit(): void {
  for (const [name, value] of Object.entries(READ_ONLY_INIT))
    if (namedVariable(name) !== value)
      throw new Failure(
        [
          `The state is in S3, this shell holds tokens of real clouds, and ${name} is not set: whoever writes a state could have`,
          "any provider downloaded and run with these tokens. Run the same command again after:",
          `  export ${name}=${value}`,
        ].join("\n"),
      );
}

/**
 * The environment of every Terraform that we start: it asks nothing, and takes of the shell only what it needs. `extra`:
 * on top; `undefined` takes a variable away.
 */
export const terraformEnvironment = (
  extra: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> => {
  const foreign = variableNames().filter((name) => THEIRS.test(name) && !OWN.test(name));
  return childEnvironment({
    ...Object.fromEntries(foreign.map((name) => [name, undefined])),
    // It reads no secrets of an environment: the key to them is none of its providers' business.
    SOPS_AGE_KEY: undefined,
    TF_INPUT: "0",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    // From 1.11.2 on it sends checksums in a trailer, which stores other than Amazon's refuse; skip_s3_checksum does not stop it.
    AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
    AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
    ...extra,
  });
};
