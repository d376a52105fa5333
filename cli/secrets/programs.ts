import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { builtGoProgram } from "../../lib/go-program.ts";
import { namedVariable } from "../../lib/process-env.ts";
import { SECRET_PROGRAMS } from "../../secrets/programs.ts";

type Name = "sops" | "age-keygen";

/** First sops that takes a value of `set` from standard input. */
const LEAST_SOPS = [3, 11];
const known = new Map<Name, string>();

/** Path of a program: the one in PATH, else the one that the sandbox has built. Throws a {@link Failure} without either. */
export async function requireProgram(name: Name): Promise<string> {
  const path = known.get(name) ?? findProgram(name);
  if (!path) throw new Failure(`${name} is not installed. ${advice(name)}`);
  if (name === "sops" && !known.has(name)) await requireRecent(path);
  known.set(name, path);
  return path;
}

/** Where a program is, if anywhere; says nothing of its version. */
export const findProgram = (name: Name): string | undefined =>
  inPath(name) ?? builtGoProgram(name, SECRET_PROGRAMS[name]);

const advice = (name: Name): string => {
  const { module, version } = SECRET_PROGRAMS[name];
  const command = `${module}/cmd/${name}@${version}`;
  return `Install ${version} or later: your system's package (sops, age), or \`go install ${command}\`.`;
};

const inPath = (name: Name): string | undefined =>
  (namedVariable("PATH") ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

async function requireRecent(path: string): Promise<void> {
  const { stdout } = await execa(path, ["--version", "--disable-version-check"], { reject: false });
  const [major = 0, minor = 0] = (/sops (\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_SOPS;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new Failure(`${path} is too old: ${LEAST_SOPS.join(".")} or later is needed. ${advice("sops")}`);
}
