import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { openSshConnection, type Remote } from "../../cli/shared/ssh.ts";
import { Failure } from "../../lib/failure.ts";
import { childEnvironment } from "../../lib/process-env.ts";
import { identityFile } from "../../sandbox/machines/host-prerequisites.ts";

/** A whole environment on a machine of a sandbox of its own, and the way onto it. */
export interface HostUnderTest {
  /** The environment's name. */
  readonly environment: string;
  /** Options of `olympus smoke` that lead to the machine itself. */
  readonly pastCloudflare: readonly string[];
  /** Runs shell text as root on the machine; answers what it printed. Throws a Failure when it fails. */
  inside(script: string, input?: string): Promise<string>;
  /** `olympus …` as somebody types it into a shell of the sandbox. Throws a Failure unless it ends with 0. */
  olympus(...words: string[]): Promise<string>;
  end(): Promise<void>;
}

const RUN = "scripts/run.mjs";

/** `provision.sh --sandbox --machines` from nothing: the machine boots, is released to, and somebody logs in. Needs root. */
export async function provisionHostUnderTest(environment: string): Promise<HostUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-bench-"));
  const env = childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, ENV: environment, CI: "1" });
  const run = async (file: string, ...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await execa(file, args, { env, extendEnv: false, reject: false });
    if (exitCode !== 0)
      throw new Failure(`${file} ${args.join(" ")} ended with ${exitCode}:\n${stderr}\n${stdout}`);
    return stdout;
  };
  const remove = async (): Promise<void> => {
    await run("node", RUN, "sandbox", "reset");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const told = await run("./scripts/provision.sh", "--sandbox", "--machines");
    const address = /olympus@([\d.]+)/.exec(told)?.[1];
    if (!address) throw new Failure(`provision.sh names no machine:\n${told}`);
    const remote = await open(folder, address, await run("ssh-keyscan", "-t", "ed25519", address));
    return {
      environment,
      pastCloudflare: ["--origin", "--resolve", address, ...files(folder)],
      olympus: (...words) => run("node", RUN, "sandbox", "run", "--", "node", RUN, ...words),
      inside: async (script, input = "") => {
        const { exitCode, stdout, stderr } = await remote.run(script, { input, timeoutMs: 1_800_000 });
        if (exitCode !== 0)
          throw new Failure(`on the machine, ended with ${exitCode}:\n${script}\n${stderr}`);
        return stdout.trim();
      },
      end: async () => {
        await remote.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What stands for Cloudflare's side of the connection, as the sandbox keeps it. */
const files = (folder: string): string[] => [
  ...["--ca", join(folder, "origin-ca.pem")],
  ...["--cert", join(folder, "origin-pull", "client.crt")],
  ...["--key", join(folder, "origin-pull", "client.key")],
];

function open(folder: string, host: string, keys: string): Promise<Remote> {
  const knownHosts = join(folder, "bench-known-hosts");
  writeFileSync(knownHosts, `${keys}\n`);
  return openSshConnection({ host, port: 22, identity: identityFile(folder), knownHosts });
}
