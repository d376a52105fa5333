import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { officeAddress } from "../../../cli/provision/sandbox/machines.ts";
import type { Route } from "../../../cli/smoke/client.ts";
import { type Fleet, loadFleet } from "../../../config/index.ts";
import type { Environment } from "../../../config/load/environment.ts";
import { childEnvironment } from "../../../lib/process-env.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { containerOf } from "../../../sandbox/machines/cloud-machines.ts";
import { type Machine, openMachine } from "../../../sandbox/machines/machine.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";

export const ENVIRONMENT_TOOLS = [
  "systemd-nspawn",
  "mmdebstrap",
  "nsenter",
  "iptables",
  "losetup",
  "ssh",
  "python3",
  "terraform",
];

/** How a command ended. */
export interface ProcessResult {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

/** A whole environment in a sandbox of its own: the clouds, its machine, the real bundle on it, and the way to it. */
export interface EnvironmentUnderTest {
  readonly env: Environment;
  /** Folder of the sandbox. */
  readonly folder: string;
  readonly address: string;
  readonly machine: Machine;
  /** The values that lie on the machine, by key: what nobody else may ever see. */
  readonly secrets: Readonly<Record<string, string>>;
  /** A colleague in the office, through Cloudflare. */
  readonly route: Route;
  /**
   * `ENV=… ./scripts/provision.sh --sandbox --machines`, again: the same machine, or a new one where it was deleted. With
   * other options those of the script.
   */
  provision(...options: readonly string[]): Promise<ProcessResult>;
  /** A command with the variables of the sandbox. */
  run(file: string, args: readonly string[], killAfterMs?: number): Promise<ProcessResult>;
  /** `olympus …` in the sandbox. */
  olympus(words: readonly string[], killAfterMs?: number): Promise<ProcessResult>;
  /** Runs shell text as root on the machine, past ssh; throws when it fails. */
  inside(script: string): Promise<string>;
  /** Waits until the machine's sentinel, asked anew each time, says that all is well. Returns the seconds it took. */
  healthy(limitSeconds: number): Promise<number>;
  /** What the emulated clouds hold. */
  clouds(): string;
  stop(): Promise<void>;
}

/** What `provision.sh` printed when the whole came up. */
export interface StartedEnvironment {
  readonly whole: EnvironmentUnderTest;
  readonly first: ProcessResult;
}

/**
 * From nothing to a whole environment: about 75 s on an idle machine with warm caches. Needs root. `afterBooks`: in a
 * sandbox that has run without machines before, and whose server was never booted. `program`: another one than this checkout.
 */
export async function startEnvironment(
  name = "staging",
  { afterBooks = false, program = { root: ".", fleet: loadFleet() } as Program } = {},
): Promise<StartedEnvironment> {
  const { reference, mirrors } = program.fleet;
  const start = starter(program.root);
  const env = [reference, ...mirrors].find((one) => one.name === name)?.environment;
  if (!env) throw new Error(`config/ declares no ${name}`);
  const folder = mkdtempSync(join(tmpdir(), "olympus-whole-"));
  const own = childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CI: "1", ENV: name });
  const provision = (...options: readonly string[]) =>
    start(own, "./scripts/provision.sh", ["--sandbox", ...(options.length ? options : ["--machines"])]);
  const stop = async (): Promise<void> => {
    await start(own, "node", [...OLYMPUS, "sandbox", "reset"]);
    rmSync(folder, { recursive: true, force: true });
  };

  const books = afterBooks ? await provision("--yes") : undefined;
  const first = books && books.code !== 0 ? books : await provision();
  if (first.code !== 0) {
    await stop();
    throw new Error(`${first.err}\n${first.out}`);
  }
  try {
    return { whole: { ...(await openEnvironment(folder, env, program.root)), provision, stop }, first };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where a program lies, and what its configuration declares. */
interface Program {
  readonly root: string;
  readonly fleet: Fleet;
}

/** The way into an environment that is up in the sandbox of `folder`. */
export async function openEnvironment(
  folder: string,
  env: Environment,
  root = ".",
): Promise<Omit<EnvironmentUnderTest, "provision" | "stop">> {
  const { name } = env;
  const start = starter(root);
  const own = childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CI: "1" });
  const variables = await start(own, "node", [...OLYMPUS, "sandbox", "run", "--", "env", "-0"]);
  const inSandbox = Object.fromEntries(variables.out.split("\0").map((line) => line.split(/=(.*)/s, 2)));
  const run: EnvironmentUnderTest["run"] = (file, args, killAfterMs) =>
    start(inSandbox, file, args, killAfterMs);
  const stack = join(folder, "cdktf.out", "stacks", name);
  const outputs: Record<string, { value: string }> = JSON.parse(
    (await run("terraform", [`-chdir=${stack}`, "output", "-json"])).out,
  );
  const address = outputs.server_ipv4?.value ?? "";
  const container = containerOf(join(folder, "machines"), name, String(outputs.data_volume_id?.value), 0);
  const machine = openMachine({ ...container, address }, stderrProgress);
  const [ca, cert, key] = ["origin-ca.pem", "origin-pull/client.crt", "origin-pull/client.key"].map((file) =>
    readFileSync(join(folder, file), "utf8"),
  );
  const sops = await ensureProgram("sops", stderrProgress);
  const sealed = join(folder, "sealed", "secrets", `${name}.yaml`);
  const { out } = await run(sops, ["decrypt", "--output-type", "json", sealed]);
  const { fingerprints_unencrypted: _, fingerprint_key: __, ...secrets } = JSON.parse(out);
  return {
    ...{ env, folder, address, machine, secrets, run },
    route: { address, ca, cert, key, from: officeAddress(env) },
    olympus: (words, killAfterMs) => run("node", [...OLYMPUS, ...words], killAfterMs),
    inside: async (script) => {
      const { exitCode, stdout, stderr } = await machine.exec(["sh", "-euc", script]);
      if (exitCode !== 0) throw new Error(`${script}: ${exitCode}\n${stdout}\n${stderr}`);
      return stdout.trim();
    },
    healthy: (limitSeconds) => untilHealthy(machine, limitSeconds),
    clouds: () =>
      ["cloudflare.json", `hetzner/${name}.json`]
        .map((file) => readFileSync(join(folder, "clouds", file), "utf8"))
        .join("\n"),
  };
}

const OLYMPUS = ["scripts/run.mjs"];

const starter =
  (cwd: string) =>
  async (
    env: Readonly<Record<string, string>>,
    file: string,
    args: readonly string[],
    killAfterMs?: number,
  ): Promise<ProcessResult> => {
    const child = execa(file, args, { cwd, env, extendEnv: false, reject: false, stdin: "ignore" });
    if (killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    const { exitCode, stdout, stderr } = await child;
    return { code: exitCode, out: stdout, err: stderr };
  };

const HEALTH_CHECK = "systemctl is-active -q olympus.service && /opt/olympus/current/bin/olympus-health";

async function untilHealthy(machine: Machine, limitSeconds: number): Promise<number> {
  const begin = Date.now();
  for (;;) {
    const { exitCode, stderr } = await machine.exec(["sh", "-c", HEALTH_CHECK]);
    const seconds = (Date.now() - begin) / 1000;
    if (exitCode === 0) return seconds;
    if (seconds > limitSeconds) throw new Error(`not healthy within ${limitSeconds} s: ${stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
