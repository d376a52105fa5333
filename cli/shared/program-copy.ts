import { execa } from "execa";
import { childEnvironment, variableNames } from "../../lib/process-env.ts";

/** Variables that would have it look at, or write to, another place than the copy. */
const ELSEWHERE = [
  "CDKTF_OUTDIR",
  "CDKTF_OUTPUT",
  "OLYMPUS_CSR_DIR",
  "OLYMPUS_IMAGE_LOCK",
  "OLYMPUS_STATE_DIR",
];

/** Rendering needs none, and a copy may hold what was not reviewed yet. */
const CREDENTIAL = /TOKEN|SECRET|PASSWORD|^AWS_|^TF_VAR_|^SSH_AUTH_SOCK$/;

/** The environment of a program in a copy: without what would have it look elsewhere, and without credentials. */
export function copyEnvironment(): Record<string, string> {
  const left = [...ELSEWHERE, ...variableNames().filter((name) => CREDENTIAL.test(name))];
  return childEnvironment(Object.fromEntries(left.map((name) => [name, undefined])));
}

/** What an entry of a copy of the program has said there. */
export interface Said {
  readonly ended: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one entry of a copy of the program (`main.ts`), with {@link copyEnvironment}. */
export async function runInCopy(copy: string, entry: string): Promise<Said> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["scripts/run.mjs", entry], {
    cwd: copy,
    env: copyEnvironment(),
    extendEnv: false,
    reject: false,
  });
  return { ended: exitCode === 0, stdout, stderr };
}
