import { existsSync } from "node:fs";
import { homedir, platform } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { requirePrivate } from "../../lib/private-file.ts";
import { namedVariable } from "../../lib/process-env.ts";
import { requireProgram } from "./programs.ts";

/** Where sops looks for the age key: `SOPS_AGE_KEY_FILE`, else `sops/age/keys.txt` of the user's configuration. */
export const ageKeyFile = (): string =>
  namedVariable("SOPS_AGE_KEY_FILE") ??
  join(namedVariable("XDG_CONFIG_HOME") ?? userConfiguration(), "sops", "age", "keys.txt");

const userConfiguration = (): string =>
  platform() === "darwin" ? join(homedir(), "Library", "Application Support") : join(homedir(), ".config");

/** Variables by which a pipeline hands a key to sops, without a file. */
const WITHOUT_FILE = ["SOPS_AGE_KEY", "SOPS_AGE_KEY_CMD"];

/** Whether there is an age key, in a file or without. */
export const hasIdentity = (): boolean =>
  existsSync(ageKeyFile()) || WITHOUT_FILE.some((name) => namedVariable(name));

/** Makes sure that there is an age key and that nobody else on this machine can read it. */
export function requireIdentity(): void {
  const file = ageKeyFile();
  if (existsSync(file)) requirePrivate(file);
  else if (!hasIdentity()) throw noKey(file);
}

const noKey = (file: string): Failure =>
  new Failure(
    `There is no age key: ${file} does not exist.\nMake one: mkdir -p -m 700 "${dirname(file)}" && age-keygen -o "${file}"`,
  );

/** Public halves of the operator's age keys: `age1…`. */
export async function ownRecipients(): Promise<string[]> {
  requireIdentity();
  const file = ageKeyFile();
  const key = existsSync(file) ? undefined : namedVariable("SOPS_AGE_KEY");
  const result = await execa(await requireProgram("age-keygen"), ["-y", key ? "-" : file], {
    input: key ?? "",
    reject: false,
  });
  const recipients = result.stdout.split("\n").filter((line) => line.startsWith("age1"));
  if (result.exitCode !== 0 || !recipients.length)
    throw new Failure(`${key ? "SOPS_AGE_KEY" : file} holds no age key that age-keygen can read.`);
  return recipients;
}
