import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { isExampleKey } from "../../config/load/examples.ts";
import { Failure } from "../../lib/failure.ts";
import { deployKeyPath } from "../../lib/process-env.ts";
import { missingProgram } from "../../lib/system-fault.ts";
import type { Answers } from "./answers.ts";
import { type FileChange, privateFile } from "./file-change.ts";
import { valueAt, withValue } from "./places.ts";

/** Both halves of an environment's deploy key. */
export interface DeployKey {
  readonly path: readonly string[];
  readonly publicHalf: string;
  /** Undefined where the private half lies in its place already. */
  readonly file: FileChange | undefined;
}

/** A key for each environment that has none of its own: the one that an earlier run made, or a new one. Writes nothing in place. */
export const deployKeysFor = (answers: Answers): Promise<DeployKey[]> =>
  Promise.all(
    Object.keys(answers.environments)
      .filter((name) => {
        const key = valueAt(answers, placeOf(name));
        return key === undefined || isExampleKey(String(key));
      })
      .map(keyFor),
  );

const placeOf = (name: string): string[] => ["environments", name, "deployKey"];

/** The answers with these keys. */
export const withDeployKeys = (answers: Answers, keys: readonly DeployKey[]): Answers =>
  keys.reduce((all, { path, publicHalf }) => withValue(all, path, publicHalf), answers);

/** The private halves of the keys that the answers have kept: what was answered otherwise needs none of ours. */
export const deployKeyFiles = (answers: Answers, keys: readonly DeployKey[]): FileChange[] =>
  keys.flatMap(({ path, publicHalf, file }) => (file && valueAt(answers, path) === publicHalf ? [file] : []));

async function keyFor(name: string): Promise<DeployKey> {
  const kept = deployKeyPath(name);
  const path = placeOf(name);
  if (existsSync(kept))
    return { path, publicHalf: await keygen("-y", "-P", "", "-f", kept), file: undefined };
  const folder = mkdtempSync(join(tmpdir(), "olympus-deploy-key-"));
  try {
    const made = join(folder, "key");
    await keygen("-q", "-t", "ed25519", "-N", "", "-C", `deploy-${name}`, "-f", made);
    return {
      path,
      publicHalf: readFileSync(`${made}.pub`, "utf8").trim(),
      file: privateFile(kept, readFileSync(made, "utf8")),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function keygen(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode, code } = await execa("ssh-keygen", args, {
    reject: false,
    stdin: "ignore",
  });
  if (code === "ENOENT") throw new Failure(missingProgram("ssh-keygen"));
  if (exitCode !== 0)
    throw new Failure(`ssh-keygen gives no key for a deploy: ${stderr.trim()}\nNothing was written.`);
  return stdout.trim();
}
