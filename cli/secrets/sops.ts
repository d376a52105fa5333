import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { parsedJson } from "../../lib/json.ts";
import { childEnvironment, encryptedSecretsDirectory } from "../../lib/process-env.ts";
import { requireIdentity } from "./age-identity.ts";
import { requireProgram } from "./programs.ts";

/** Who may read what: sops's own configuration. */
export const rulesPath = (): string => join(encryptedSecretsDirectory(), ".sops.yaml");
const YAML = ["--input-type", "yaml", "--output-type", "yaml"];
/** sops' word for an editor that changed nothing. */
const UNCHANGED = 200;

/** Decrypted content of a file. It stays in memory; sops checks that nobody changed the file behind its back. */
export async function decrypt(file: string): Promise<Record<string, unknown>> {
  const args = ["decrypt", "--input-type", "yaml", "--output-type", "json", file];
  const complaint = `${file} could not be decrypted`;
  const values = parsedJson(await sops(args, complaint));
  if (values === undefined) throw new Failure(`${complaint}: sops did not print JSON.`);
  return values as Record<string, unknown>;
}

/** Text of a new encrypted file, for the readers that {@link rulesPath} name for `file`. */
export const encrypt = (file: string, content: unknown): Promise<string> =>
  sops(
    ["encrypt", "--input-type", "json", "--output-type", "yaml", "--filename-override", file],
    `${file} could not be encrypted`,
    JSON.stringify(content),
  );

/** Sets one key of an encrypted file. Every other value keeps its ciphertext, so that a diff shows what changed. */
export async function setEncryptedValue(file: string, key: string, value: unknown): Promise<void> {
  const args = ["set", ...YAML, "--value-stdin", file, JSON.stringify([key])];
  await sops(args, `${key} could not be written`, JSON.stringify(value));
}

/**
 * Opens the file in the operator's editor; false when nothing was changed. The clear copy, and what an editor leaves
 * beside it, lies in memory where it can, in a folder of its owner's alone that goes when the editor has ended.
 */
export async function editEncrypted(file: string): Promise<boolean> {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "olympus-secrets-"));
  const { exitCode } = await run(["edit", ...YAML, file], {
    stdio: "inherit",
    env: { TMPDIR: folder },
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
  if (exitCode === UNCHANGED) return false;
  if (exitCode !== 0) throw new Failure("The editor or sops failed; nothing was changed.");
  return true;
}

/**
 * What sops may say, in our words. Its own are never shown: they repeat values, such as one that somebody wrote into the
 * file in clear.
 */
const REASONS: readonly (readonly [said: RegExp, reason: string])[] = [
  [/MAC mismatch/, "MAC mismatch: it was changed without sops. Restore it from git."],
  [/does not match sops' data format/, "It has a plaintext value: rotate that one, it is no longer secret."],
  [/Failed to get the data key/, "Your age key is not among its readers: ask one of them to add it."],
  [/no matching creation rules|error loading config/i, "The rules for who may read do not name it."],
  [/yaml:|json:/i, "It is not the YAML that sops writes. Restore it from git."],
];

/** Runs sops with `input`, which may hold secrets. Throws a {@link Failure} that repeats nothing of input or output. */
async function sops(args: readonly string[], complaint: string, input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args, { input, env: {} });
  if (exitCode === 0) return String(stdout);
  const known = REASONS.find(([said]) => said.test(String(stderr)));
  throw new Failure(
    `${complaint}.\n${known?.[1] ?? `sops ${args[0]} ended with ${exitCode ?? "a signal"}.`}`,
  );
}

/** Variables by which sops takes readers or rules from elsewhere: only the rules of the repository say who may read. */
const ELSEWHERE = [
  ...["SOPS_AGE_RECIPIENTS", "SOPS_PGP_FP", "SOPS_KMS_ARN", "SOPS_GCP_KMS_IDS", "SOPS_HUAWEICLOUD_KMS_IDS"],
  ...[
    "SOPS_AZURE_KEYVAULT_URL",
    "SOPS_AZURE_KEYVAULT_URLS",
    "SOPS_VAULT_URIS",
    "SOPS_CONFIG",
    "SOPS_KEYSERVICE",
  ],
];

async function run(
  args: readonly string[],
  { env, ...options }: { input?: string; stdio?: "inherit"; env: Record<string, string> },
) {
  requireIdentity();
  const rules = rulesPath();
  const configured = ["--disable-version-check", ...(existsSync(rules) ? ["--config", rules] : [])];
  return execa(await requireProgram("sops"), [...configured, ...args], {
    ...options,
    env: childEnvironment({ ...Object.fromEntries(ELSEWHERE.map((name) => [name, undefined])), ...env }),
    extendEnv: false,
    reject: false,
  });
}
