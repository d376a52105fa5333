import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { writeAtomically } from "../../lib/files.ts";
import { isTerminal, privateDirectory } from "../../lib/process-env.ts";
import { confirm } from "./prompt.ts";

export interface Trust {
  /** SHA256:… that somebody has read from the machine's own console. */
  readonly hostKey?: string | undefined;
  /** Believe whoever answers first: for a network of your own, such as the sandbox. */
  readonly acceptNew?: boolean | undefined;
}

/** Host keys of an environment's machine. Git ignores the folder. */
export const knownHostsFile = (environment: string): string =>
  join(privateDirectory(), `known_hosts.${environment}`);

/** `SHA256:…` of a line of known_hosts, as ssh-keygen and a machine's console print it. */
export function fingerprint(line: string): string {
  const key = Buffer.from(line.trim().split(/\s+/)[2] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/**
 * Makes sure that `file` holds the machine's key, so that the connection can insist on it. A first release hands every
 * secret to whoever answers, hence no trust on first use unless asked for: a key is learnt only when its fingerprint was
 * given, or a person agrees. Throws a {@link Failure} otherwise.
 */
export async function learnHostKey(file: string, host: string, port: number, trust: Trust): Promise<void> {
  const known = lines(file);
  const ours = knownKey(file, host, port);
  if (ours && (!trust.hostKey || fingerprint(ours) === trust.hostKey)) return;

  const line = await scan(host, port);
  await requireTrust(nameOf(host, port), fingerprint(line), trust);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const others = known.filter((other) => other !== ours);
  writeAtomically(file, [...others, line, ""].join("\n"), 0o600);
}

/** The line of `file` that tells the machine's key. */
export const knownKey = (file: string, host: string, port: number): string | undefined =>
  lines(file).find((line) => line.startsWith(`${nameOf(host, port)} `));

const nameOf = (host: string, port: number): string => (port === 22 ? host : `[${host}]:${port}`);

const lines = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];

/** The line of known_hosts that whoever answers there shows; undefined where nothing answers. */
export async function shownKey(host: string, port: number): Promise<string | undefined> {
  const args = ["-T", "10", "-t", "ed25519", "-p", String(port), host];
  const { stdout } = await execa("ssh-keyscan", args, { reject: false });
  return stdout.split("\n").find((text) => text && !text.startsWith("#"));
}

async function scan(host: string, port: number): Promise<string> {
  const line = await shownKey(host, port);
  if (!line)
    throw new Failure(
      `${host} port ${port} shows no ed25519 host key. Is the machine on, and is your address among operators.cidrs of config/base.ts?`,
    );
  return line;
}

async function requireTrust(name: string, shown: string, { hostKey, acceptNew }: Trust): Promise<void> {
  if (hostKey === shown) return;
  if (hostKey)
    throw new Failure(`${name} shows the host key ${shown}, not ${hostKey}. Nothing was sent to it.`);
  if (acceptNew) return;
  const advice = `Compare with what the machine printed on its console at its first boot (docs/runbooks/release.md).`;
  if (!isTerminal())
    throw new Failure(
      `${name} is not known yet; it shows the host key ${shown}.\n${advice}\nThen pass it: --host-key ${shown}`,
    );
  if (!(await confirm(`${name} shows the host key ${shown}.\n${advice} Is it that one?`, false)))
    throw new Failure("Not trusted; nothing was sent.");
}
