import { existsSync } from "node:fs";
import { execa } from "execa";
import { childEnvironment } from "../../config/process-env.ts";
import { Failure } from "../lib/failure.ts";
import { requireIdentity } from "./age-identity.ts";
import { program } from "./programs.ts";

/** Who may read what: sops's own configuration. */
export const RULES = ".sops.yaml";
const YAML = ["--input-type", "yaml", "--output-type", "yaml"];
/** sops' word for an editor that changed nothing. */
const UNCHANGED = 200;

/** Decrypted content of a file. It stays in memory; sops checks that nobody changed the file behind its back. */
export async function decrypt(file: string): Promise<Record<string, unknown>> {
  const args = ["decrypt", "--input-type", "yaml", "--output-type", "json", file];
  return JSON.parse(await sops(args, `${file} could not be decrypted`)) as Record<string, unknown>;
}

/** Text of a new encrypted file, for the readers that {@link RULES} name for `file`. */
export const encrypt = (file: string, content: unknown): Promise<string> =>
  sops(
    ["encrypt", "--input-type", "json", "--output-type", "yaml", "--filename-override", file],
    `${file} could not be encrypted`,
    JSON.stringify(content),
  );

/** Sets one key of an encrypted file. Every other value keeps its ciphertext, so that a diff shows what changed. */
export async function set(file: string, key: string, value: unknown): Promise<void> {
  const args = ["set", ...YAML, "--value-stdin", file, JSON.stringify([key])];
  await sops(args, `${key} could not be written`, JSON.stringify(value));
}

/** Opens the file in the operator's editor; false when nothing was changed. The clear copy lies in memory where it can. */
export async function edit(file: string): Promise<boolean> {
  const { exitCode } = await run(["edit", ...YAML, file], {
    stdio: "inherit",
    env: existsSync("/dev/shm") ? { TMPDIR: "/dev/shm" } : {},
  });
  if (exitCode === UNCHANGED) return false;
  if (exitCode !== 0) throw new Failure("The editor or sops failed; nothing was changed.");
  return true;
}

/** Runs sops; `input` may hold secrets, so nothing of it, and nothing sops printed, is ever part of an error. */
async function sops(args: readonly string[], complaint: string, input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args, { input, env: {} });
  if (exitCode === 0) return String(stdout);
  const said = String(stderr).trim();
  const reason =
    input && said.split(/\W+/).some((word) => word.length > 7 && input.includes(word)) ? "" : said;
  throw new Failure(`${complaint}.\n${reason || `sops ${args[0]} ended with ${exitCode}.`}`);
}

async function run(
  args: readonly string[],
  { env, ...options }: { input?: string; stdio?: "inherit"; env: Record<string, string> },
) {
  requireIdentity();
  const configured = ["--disable-version-check", ...(existsSync(RULES) ? ["--config", RULES] : [])];
  return execa(await program("sops"), [...configured, ...args], {
    ...options,
    // Only the rules of the repository say who may read.
    env: childEnvironment({ SOPS_AGE_RECIPIENTS: undefined, ...env }),
    extendEnv: false,
    reject: false,
  });
}
