import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import { printable } from "../../lib/printable.ts";

/** Where a machine answers, and how it is told from an impostor. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Private key; without one the agent and the user's own ssh configuration decide. */
  readonly identity?: string | undefined;
  /** The only file whose host keys are believed. */
  readonly knownHosts: string;
}

/** How a command on the machine ended; 124 is one that ran into its limit of time. What it said is text that nothing obeys. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RemoteOptions {
  /** Goes to the command's standard input: the way for secrets, which no command line may show. */
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Gets each line that the command writes to its standard error, at once. */
  readonly onLine?: (line: string) => void;
}

/** A connection to one machine. */
export interface Remote {
  /** Runs shell text as root. Throws only when the connection is lost. */
  run(script: string, options?: RemoteOptions): Promise<CommandResult>;
  /**
   * Path of a socket here that ends at a port of the machine's loopback, until `close`. A socket in a folder of our own
   * and not a port: every user of this computer could connect to that.
   */
  forward(port: number): Promise<string>;
  close(): Promise<void>;
}

/** What holds a connection open: `echo ready` and wait for the end of stdin. */
export const KEEP_ALIVE_COMMAND = "echo ready; exec cat >/dev/null";

const USER = "olympus";
const LOST = 255;
const STEP_LIMIT_MS = 120_000;

/** One word for a shell. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Shell text as root: stops at the first failure and at an unset name. */
export const asRoot = (script: string): string => `sudo sh -euc ${quote(script)}`;

const sshOptions = ({ port, identity, knownHosts }: Address): string[] =>
  [
    ...["BatchMode=yes", "StrictHostKeyChecking=yes", `UserKnownHostsFile=${knownHosts}`],
    ...["GlobalKnownHostsFile=/dev/null", "UpdateHostKeys=no", "HostKeyAlgorithms=ssh-ed25519"],
    ...[
      "ConnectTimeout=10",
      "ConnectionAttempts=3",
      "ServerAliveInterval=15",
      "ServerAliveCountMax=4",
      "LogLevel=ERROR",
    ],
    ...["ForwardAgent=no", "ClearAllForwardings=yes", "ControlPersist=no", `Port=${port}`],
    ...(identity ? ["IdentitiesOnly=yes", `IdentityFile=${identity}`] : []),
  ].flatMap((option) => ["-o", option]);

const startMaster = (address: Address, socket: string, command: string) =>
  execa(
    "ssh",
    [
      ...sshOptions(address),
      ...["-o", "ControlMaster=yes", "-S", socket, `${USER}@${address.host}`, command],
    ],
    { reject: false, stdin: "pipe" },
  );

/** Logins that sshd let in and that then fell silent. */
const ATTEMPTS = 3;

/**
 * The connection itself, once `command` has said that it is ready. Asked again when it ended without a word: systemd may be
 * putting away the session before this one, and a login then hangs until the client gives up. Nothing had begun by then.
 */
async function openMaster(
  address: Address,
  socket: string,
  command: string,
  attempt = 1,
): Promise<{ master: ReturnType<typeof startMaster> }> {
  const master = startMaster(address, socket, command);
  const ended = await new Promise<{ exitCode?: number | undefined; stderr: string } | undefined>(
    (resolve) => {
      master.stdout.once("data", () => resolve(undefined));
      void master.then(resolve);
    },
  );
  // Wrapped: the process itself is awaited like a promise of its end.
  if (!ended) return { master };
  const isSilent = ended.exitCode === LOST && !ended.stderr.trim();
  if (isSilent && attempt < ATTEMPTS) return openMaster(address, socket, command, attempt + 1);
  throw connectionFailure(address, ended.exitCode, printable(ended.stderr));
}

/**
 * Opens one connection that all commands share. `hold` runs for as long as it is open and must end like {@link KEEP_ALIVE_COMMAND}: it
 * ends when this process does, even by kill -9, for its stdin closes. What it holds (a lock) is then free.
 *
 * Throws a {@link Failure} when the machine cannot be reached or `hold` ends, with `hold`'s own words.
 */
export async function openSshConnection(address: Address, hold = KEEP_ALIVE_COMMAND): Promise<Remote> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-ssh-"));
  const socket = join(folder, "c");
  const login = `${USER}@${address.host}`;
  const { master } = await openMaster(address, socket, asRoot(hold)).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });

  return {
    async run(script, { input = "", timeoutMs = STEP_LIMIT_MS, onLine } = {}) {
      // Without its master a command must fail, not open a connection of its own that holds nothing.
      const shared = ["-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-S", socket];
      const args = [...sshOptions(address), ...shared, login, asRoot(script)];
      const running = execa("ssh", args, { reject: false, input, timeout: timeoutMs });
      if (onLine) createInterface({ input: running.stderr }).on("line", (line) => onLine(printable(line)));
      const result = await running;
      const exitCode = result.exitCode ?? 124;
      if (exitCode === LOST)
        throw new Failure(
          `${address.host}: the connection was lost. Run the same command again: it continues from here.\n${printable(result.stderr)}`.trim(),
        );
      return { exitCode, stdout: printable(result.stdout), stderr: printable(result.stderr) };
    },
    async forward(port) {
      const path = join(folder, String(port));
      // Not sshOptions: ClearAllForwardings would take this one away too.
      const { exitCode, stderr } = await execa(
        "ssh",
        ["-F", "/dev/null", "-S", socket, "-O", "forward", "-L", `${path}:127.0.0.1:${port}`, login],
        { reject: false },
      );
      if (exitCode !== 0)
        throw new Failure(`${address.host}: port ${port} cannot be forwarded.\n${stderr}`.trim());
      return path;
    },
    async close() {
      master.stdin.end();
      await master;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function connectionFailure(
  { host, port, knownHosts }: Address,
  exitCode: number | undefined,
  stderr: string,
): Failure {
  if (exitCode !== LOST) return new Failure(stderr.trim() || `${host}: the session ended with ${exitCode}`);
  const remedy = /HOST IDENTIFICATION HAS CHANGED|Host key verification failed/.test(stderr)
    ? `Its host key is not the one in ${knownHosts}. A recreated server shows the known one as soon as it has its volume: retry in a minute. Is the volume new too? Then read the fingerprint from its console and pass it as --host-key. Otherwise another machine answers in its place: stop.`
    : /Permission denied/.test(stderr)
      ? `It does not accept your key for ${USER}: load it into ssh-agent or pass --identity. config/base.ts lists the keys that may log in.`
      : "Is the machine on, and is your address among operators.cidrs of config/base.ts?";
  return new Failure(`${host} port ${port} cannot be reached over ssh.\n${stderr.trim()}\n${remedy}`);
}
