import { existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { mayNotMake, NotPrepared, withLock } from "../../lib/cache.ts";
import { Failure } from "../../lib/failure.ts";
import {
  installCommand,
  installsPackages,
  isRoot,
  missingTools,
  type Tool,
} from "../../lib/machine-tools.ts";
import { cacheDirectory } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";

/**
 * Installs what is missing with apt-get. Throws with the command to type when this is not root or not
 * Debian or Ubuntu, and {@link NotPrepared} where nothing may be installed.
 */
export const ensureTools = async (tools: readonly Tool[], progress: Progress): Promise<void> => {
  const missing = await missingTools(tools);
  if (missing.length === 0) return;
  const command = installCommand(missing);
  if (mayNotMake()) throw new NotPrepared(`${missing.join(", ")}, by ${command}`);
  if (!(await installsPackages()))
    throw new Failure(`Missing on this machine: ${missing.join(", ")}. As root, run: ${command}`);
  await withLock(join(cacheDirectory(), "apt.lock"), () =>
    step(progress, command, () => withoutServices(() => install(command))),
  );
};

const install = async (command: string): Promise<void> => {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execa("apt-get", ["update", "-qq"], { env });
  await execa("sh", ["-c", command], { env });
};

const POLICY = "/usr/sbin/policy-rc.d";

/** Debian's own way to install a server, such as sshd, without starting it. A policy that is there already stays. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return work();
  await writeFile(POLICY, "#!/bin/sh\nexit 101\n");
  await chmod(POLICY, 0o755);
  try {
    await work();
  } finally {
    await rm(POLICY, { force: true });
  }
}

/** Root without which neither a root file system nor a machine can be made; throws a line that says so. */
export const requireRoot = (purpose: string): void => {
  if (!isRoot()) throw new Failure(`${purpose} needs root: run the same command with sudo.`);
};
