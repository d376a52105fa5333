import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, closeSync, cpSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execaSync, type SyncOptions } from "execa";
import { stderrProgress } from "../../../lib/progress.ts";
import { installUnderTest } from "../../../sandbox/images/origins.ts";
import type { ProgramName } from "../../../sandbox/programs/programs.ts";
import { type OverlayRoot, overlayRoot } from "./overlay.ts";
import { FILES } from "./values.ts";

export interface CommandOutput {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Daemon {
  /** What it has written so far. */
  (): string;
  /** As by kill -9; over when it is gone. */
  kill(): Promise<void>;
}

/**
 * A folder that is a small machine: Debian with Postgres 18, the bundle's files at the paths that the containers
 * give them, programs under /bin, and a network of its own, so that ports and names are those of the files too.
 */
export interface MachineFixture {
  readonly root: string;
  /** A process that is in its network and sees its files, for `nsenter`. */
  readonly pid: number;
  /** Copies a file or folder of the bundle (or an absolute path) into the machine. */
  put(from: string, to: string): void;
  /** Runs inside root and network. */
  run(
    command: string[],
    options?: { user?: string; input?: string; env?: Record<string, string> },
  ): CommandOutput;
  /** The words before a command that runs inside as that user, for a script of this computer that runs it by itself. */
  entry(user?: string): string[];
  /** Runs a program of this computer inside the network only. */
  outside(command: string[], options?: { input?: string; env?: Record<string, string> }): CommandOutput;
  /** The words that run a program of this computer inside the network, for whoever starts and kills it himself. */
  inside(command: string[]): string[];
  /** Starts a daemon. */
  daemon(command: string[], options?: { user?: string; env?: Record<string, string> }): Daemon;
  /** Polls a command until it succeeds; throws after `seconds` with what the daemons said. */
  until(seconds: number, command: string[]): Promise<void>;
  stop(): Promise<void>;
}

const runCommand = (command: string[], options: SyncOptions): CommandOutput => {
  const [file = "", ...args] = command;
  const result = execaSync(file, args, { ...options, reject: false, stripFinalNewline: false });
  return { code: result.exitCode ?? 1, out: String(result.stdout), err: String(result.stderr) };
};

const buildRoot = async (programs: readonly ProgramName[]): Promise<OverlayRoot> => {
  const overlay = await overlayRoot("postgres-18", stderrProgress);
  for (const name of programs) await installUnderTest(name, overlay.path, stderrProgress);
  appendFileSync(join(overlay.path, "etc/hosts"), `127.0.0.1 ${CONTAINER_NAMES.join(" ")}\n`);
  return overlay;
};

const CONTAINER_NAMES = [
  ...["postgres", "site", "pgadmin", "mailpit"],
  ...["ciam", "iam"].flatMap((d) =>
    ["kratos", "kratos-admin", "hydra", "hydra-admin", "hera", "athena"].map((s) => `${d}-${s}`),
  ),
];

/** Starts a machine with these programs. Needs root; throws a line that says so, or what could not be built. */
export const startMachine = async (programs: readonly ProgramName[]): Promise<MachineFixture> => {
  const overlay = await buildRoot(programs);
  const root = overlay.path;
  const setUp = `mount --bind /dev ${root}/dev && mount -t tmpfs -o mode=1777 tmpfs ${root}/dev/shm && mount -t proc proc ${root}/proc && ip link set lo up && echo ready && exec sleep infinity`;
  const holder = spawn("unshare", ["--net", "--mount", "sh", "-c", setUp], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once("data", () => resolve());
    holder.once("exit", (code) =>
      reject(new Error(`unshare ended with ${code}: a network of its own needs root`)),
    );
  });
  const inNetwork = ["nsenter", "-t", String(holder.pid), "-n"];
  // With the holder's root: the root of its mounts is another one where all this runs in a chroot.
  const inRoot = (user = "0:0"): string[] => [...inNetwork, "-m", "-r", "chroot", `--userspec=${user}`, root];
  const daemons: ChildProcess[] = [];
  const logs: string[] = [];
  const environment = (env: Record<string, string> = {}) => ({
    env: {
      PATH: "/usr/local/bin:/usr/lib/postgresql/18/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: "/tmp",
      ...env,
    },
    extendEnv: false,
  });
  const run: MachineFixture["run"] = (command, { user, input = "", env } = {}) =>
    runCommand([...inRoot(user), ...command], { input, ...environment(env) });
  return {
    root,
    pid: holder.pid ?? 0,
    run,
    entry: inRoot,
    put(from, to) {
      mkdirSync(dirname(join(root, to)), { recursive: true });
      cpSync(join(from.startsWith("/") ? "/" : FILES, from), join(root, to), { recursive: true });
    },
    outside: (command, { input = "", env } = {}) =>
      runCommand([...inNetwork, ...command], { input, ...environment(env) }),
    inside: (command) => [...inNetwork, ...command],
    daemon(command, { user, env } = {}) {
      const [file = "", ...args] = [...inRoot(user), ...command];
      // A file, not a pipe: nobody reads while a command of `run` has the thread, and a full pipe stops the daemon.
      const path = join(root, "tmp", `daemon-${daemons.length}.log`);
      const output = openSync(path, "a");
      const child = spawn(file, args, { env: environment(env).env, stdio: ["ignore", output, output] });
      daemons.push(child);
      closeSync(output);
      logs.push(path);
      const kill = async (): Promise<void> => {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        if (child.kill("SIGKILL")) await gone;
      };
      return Object.assign(() => readFileSync(path, "utf8"), { kill });
    },
    async until(seconds, command) {
      const end = Date.now() + seconds * 1000;
      while (run(command).code !== 0) {
        if (Date.now() > end)
          throw new Error(
            `${command.join(" ")} fails after ${seconds} s\n${logs.map((path) => readFileSync(path, "utf8").slice(-1500)).join("\n")}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async stop() {
      // Newest first; Postgres closes at once on SIGINT, the others on SIGTERM.
      for (const child of daemons.reverse()) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        if (child.exitCode === null && child.signalCode === null && child.kill("SIGINT")) await gone;
      }
      holder.kill("SIGKILL");
      await new Promise((resolve) => holder.once("exit", resolve));
      overlay.remove();
    },
  };
};
