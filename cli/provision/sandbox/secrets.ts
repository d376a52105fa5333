import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { execa } from "execa";
import { loadFleet } from "../../../config/index.ts";
import { Failure } from "../../../lib/failure.ts";
import { childEnvironment } from "../../../lib/process-env.ts";
import { type Progress, step } from "../../../lib/progress.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";
import { type SandboxSession, sandboxVariables, secretPaths } from "../../../sandbox/session.ts";
import { thirdParties } from "../../../sandbox/third-parties.ts";
import { findProgram, requireProgram } from "../../secrets/programs.ts";

/**
 * Makes the secrets of every environment of a sandbox, or fills in what has come since: the certificate that the emulated
 * Cloudflare has signed. It runs `olympus secrets init`, the real one, with the sandbox's variables, age key and accounts.
 * Of all environments, for synth wants a file of each once one has one. Can be run again at any time.
 */
export async function initSandboxSecrets(session: SandboxSession, progress: Progress): Promise<void> {
  for (const name of ["sops", "age-keygen"] as const)
    if (!findProgram(name)) await ensureProgram(name, progress);
  await ensureAgeKey(secretPaths().ageKey);
  const { reference, mirrors } = loadFleet();
  for (const { name, environment } of [reference, ...mirrors])
    await step(progress, `secrets of ${name}`, async () =>
      init(name, await thirdParties(environment), session),
    );
}

async function ensureAgeKey(file: string): Promise<void> {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // It writes the file with mode 0600, and the public half to stderr.
  await execa(await requireProgram("age-keygen"), ["-o", file]);
}

async function init(name: string, given: string, session: SandboxSession): Promise<void> {
  const { exitCode, all } = await execa(
    "node",
    ["scripts/run.mjs", "secrets", "init", name, "--from", given],
    {
      env: childEnvironment(sandboxVariables(session)),
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
    },
  );
  if (exitCode !== 0) throw new Failure(`${all}\nThe sandbox has no secrets of ${name}.`);
}
