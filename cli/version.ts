import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { execa } from "execa";
import { PROVIDER_VERSIONS } from "../config/load/provider-versions.ts";

/** Which version of this program runs, in one line for people and for reports of faults. */
interface RunningVersion {
  /** Of package.json. */
  readonly version: string;
  /** Short, of the checkout; null where that is no clone. */
  readonly commit: string | null;
  /** Whether tracked files differ from it. */
  readonly isChanged: boolean;
  readonly node: string;
  /** Terraform providers, as pinned. */
  readonly providers: typeof PROVIDER_VERSIONS;
}

async function runningVersion(): Promise<RunningVersion> {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const git = (...args: string[]) => execa("git", args, { reject: false });
  const [commit, status] = await Promise.all([
    git("rev-parse", "--short=12", "HEAD"),
    git("status", "--porcelain", "--untracked-files=no"),
  ]);
  return {
    version,
    commit: commit.exitCode === 0 ? commit.stdout : null,
    isChanged: status.exitCode === 0 && status.stdout !== "",
    node: process.version,
    providers: PROVIDER_VERSIONS,
  };
}

/** The verb that says which version this is. */
export function addVersionCommand(program: Command): void {
  program
    .command("version")
    .description("print which version this is: number, commit, Node.js and pinned providers")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const running = await runningVersion();
      if (json) return console.log(JSON.stringify(running, null, 2));
      const { version, commit, isChanged, node, providers } = running;
      const from = commit === null ? "without git" : `${commit}${isChanged ? ", changed here" : ""}`;
      const pinned = Object.entries(providers).map(([name, pin]) => `${name} ${pin}`);
      console.log(`olympus ${version} (${from}) on Node.js ${node}; ${pinned.join(", ")}`);
    });
}
