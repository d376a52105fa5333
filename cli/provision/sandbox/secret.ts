import { join } from "node:path";
import { execa } from "execa";
import { childEnvironment } from "../../../lib/process-env.ts";
import { type SandboxSession, sandboxVariables, secretPaths } from "../../../sandbox/session.ts";
import { requireProgram } from "../../secrets/programs.ts";

const fileOf = (environment: string): string => join(secretPaths().sealed, "secrets", `${environment}.yaml`);
const argsOf = (environment: string, key: string): string[] => [
  ...["decrypt", "--extract", `["${key}"]`, fileOf(environment)],
];

/** One value of a sandbox's secrets. */
export async function readSecret(session: SandboxSession, environment: string, key: string): Promise<string> {
  const { stdout } = await execa(await requireProgram("sops"), argsOf(environment, key), {
    env: childEnvironment(sandboxVariables(session)),
    extendEnv: false,
  });
  return stdout;
}

/** What a person types to see it. */
export async function secretCommand(environment: string, key: string): Promise<string> {
  const words = [await requireProgram("sops"), ...argsOf(environment, key)];
  const shell = words.map((word) => (/^[\w./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  return `SOPS_AGE_KEY_FILE=${secretPaths().ageKey} ${shell}`;
}
