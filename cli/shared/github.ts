import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { missingProgram } from "../../lib/system-fault.ts";

/** Sets a secret of a repository, or of one of its environments. The value goes by standard input: no command line shows it. */
export async function setSecret(
  repository: string,
  name: string,
  value: string,
  environment?: string,
): Promise<void> {
  const where = environment === undefined ? [] : ["--env", environment];
  const args = ["secret", "set", name, "--repo", repository, ...where];
  const { exitCode, stderr, code } = await execa("gh", args, { input: value, reject: false });
  if (code === "ENOENT") throw new Failure(missingProgram("gh"));
  if (exitCode !== 0) throw new Failure(`gh does not set ${name}: ${stderr.replaceAll(value, "…")}`);
}

/**
 * Asks GitHub's API through `gh`, which takes the token from GH_TOKEN and `{owner}/{repo}` from GH_REPO; on a laptop both
 * are its own. What it printed, or its words as an error.
 */
export async function gh(args: readonly string[], body?: unknown): Promise<string> {
  const input = body === undefined ? "" : JSON.stringify(body);
  const { exitCode, stdout, stderr, shortMessage, code } = await execa("gh", ["api", ...args], {
    input,
    reject: false,
  });
  if (code === "ENOENT") throw new Failure(missingProgram("gh"));
  if (exitCode !== 0) throw new Error(stderr || shortMessage);
  return stdout;
}
