import { join } from "node:path";
import { execa } from "execa";
import { stackNames } from "../cli/shared/stack-names.ts";
import { loadFleet } from "../config/index.ts";
import { Failure } from "../lib/failure.ts";
import { childEnvironment, terraformBinary } from "../lib/process-env.ts";
import { runningSession, sandboxVariables } from "../sandbox/session.ts";
import type { BenchmarkSubject } from "./measure.ts";

/** The whole program: every stack into `folder`, after parity and policy. */
export const synth = (folder: string): BenchmarkSubject => ({
  name: "synth of all stacks, parity and policy",
  steps: [{ command: ["node", "scripts/run.mjs", "main.ts"], variables: { CDKTF_OUTDIR: folder } }],
});

/** What every cdktf program pays before its first line. */
export const floor: BenchmarkSubject = {
  name: `node -e 'require("cdktf")'`,
  steps: [{ command: ["node", "-e", 'require("cdktf")'] }],
};

/** `terraform validate` of every stack in `folder`; a text instead says why it cannot be measured. */
export async function validate(folder: string): Promise<BenchmarkSubject | string> {
  const session = runningSession();
  if (!session) return "no sandbox is running to take the providers from: `./olympus sandbox up`";
  const variables = sandboxVariables(session);
  const program = terraformBinary();
  const folders = stackNames(loadFleet()).map((stack) => join(folder, "stacks", stack));
  for (const cwd of folders) {
    const { exitCode, all } = await execa(program, ["init", "-backend=false", "-input=false", "-no-color"], {
      cwd,
      env: childEnvironment(variables),
      extendEnv: false,
      all: true,
      reject: false,
    });
    if (exitCode !== 0) throw new Failure(`${program} init failed in ${cwd}:\n${all}`);
  }
  return {
    name: `${program} validate of all stacks (Cloudflare: ${session.cloudflare})`,
    steps: folders.map((cwd) => ({ command: [program, "validate", "-no-color"], cwd, variables })),
  };
}
