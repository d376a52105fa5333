import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { composeServices } from "../bundle/compose.ts";
import { readBundleFile } from "../bundle/values.ts";
import type { EnvironmentUnderTest } from "./environment-under-test.ts";

/** Every value of the environment that nobody may see, by key. Certificates and switched-off values are public. */
export const confidentialValues = ({
  secrets,
}: Pick<EnvironmentUnderTest, "secrets">): [key: string, value: string][] =>
  Object.entries(secrets)
    .map(([key, value]): [string, string] => [key, /PRIVATE KEY/.test(value) ? secondPemLine(value) : value])
    .filter(([, value]) => value.length >= 16 && !/BEGIN CERTIFICATE|^smtp:\/\/mailpit:/.test(value));

/** The second line of a key's PEM: what stands in every copy of it, however its lines are joined. */
const secondPemLine = (pem: string): string => pem.split("\n")[1] ?? "";

/** Keys whose values the compose file hands to the containers of a service. */
export function entitlements(): Map<string, Set<string>> {
  const keysOf = (source: string): string[] => {
    const [service, name] = source.split(".");
    const line = readBundleFile(`secrets/${service}.env`)
      .split("\n")
      .find((text) => text.startsWith(`${name}=`));
    return [...(line ?? "").matchAll(/\$\{(\w+)\}/g)].map(([, key = ""]) => key);
  };
  return new Map(
    Object.values(composeServices()).map(({ container_name, secrets = [] }) => [
      container_name,
      new Set(secrets.flatMap((secret) => keysOf(typeof secret === "string" ? secret : secret.source))),
    ]),
  );
}

/** Values and their base64, a line each, as `grep -F -f -` reads them. */
const patterns = (whole: EnvironmentUnderTest): string =>
  `${confidentialValues(whole)
    .flatMap(([, value]) => [value, Buffer.from(value).toString("base64")])
    .join("\n")}\n`;

/** Files on the machine that hold a value, as `user` can read them, below `places` (shell words). */
export async function filesWithValues(
  whole: EnvironmentUnderTest,
  user: number,
  places: string,
): Promise<string[]> {
  const as = ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  const { stdout } = await whole.machine.exec(
    [...as, "sh", "-c", `grep -rlsF -D skip -f - ${places} || true`],
    { input: patterns(whole) },
  );
  return stdout.split("\n").filter(Boolean);
}

/** How many lines of a command's output hold a value. */
export async function linesWithValues(whole: EnvironmentUnderTest, command: string): Promise<number> {
  const input = patterns(whole);
  const script = `umask 077; cat >/run/patterns; { ${command}; } 2>&1 | grep -acF -f /run/patterns; rm /run/patterns`;
  return Number((await whole.machine.exec(["sh", "-c", script], { input })).stdout);
}

interface Sighting {
  readonly key: string;
  readonly place: "environ" | "cmdline";
  readonly container: string;
  readonly program: string;
}

/** Who holds a value in its environment or on its command line while `command` runs. */
export async function watchProcesses(
  whole: EnvironmentUnderTest,
  command: readonly string[],
): Promise<Sighting[]> {
  const script = readFileSync(join("__tests__", "host", "whole", "watch.py"), "utf8");
  const input = confidentialValues(whole)
    .map(([key, value]) => `${key}\t${Buffer.from(value).toString("base64")}\n`)
    .join("");
  const watched = await whole.machine.exec(["python3", "-c", script, "600", ...command], { input });
  if (watched.exitCode !== 0) throw new Error(watched.stderr);
  const { rounds, found } = JSON.parse(watched.stdout) as { rounds: number; found: Sighting[] };
  if (rounds < 3) throw new Error(`the processes were looked at ${rounds} times only`);
  return found;
}

/** Files below `folder` that hold a value; folders named in `leaveOut` are not entered. */
export function localFilesWithValues(
  whole: EnvironmentUnderTest,
  folder: string,
  leaveOut: readonly string[],
): string[] {
  const values = confidentialValues(whole).map(([, value]) => value);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): string[] => {
    const path = join(folder, entry.name);
    if (leaveOut.includes(entry.name)) return [];
    if (entry.isDirectory()) return localFilesWithValues(whole, path, []);
    if (!entry.isFile()) return [];
    const text = readFileSync(path, "latin1");
    return values.some((value) => text.includes(value)) ? [path] : [];
  });
}
