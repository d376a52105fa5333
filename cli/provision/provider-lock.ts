import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { loadFleet } from "../../config/index.ts";
import { PROVIDER_SOURCES } from "../../config/load/provider-sources.ts";
import { PROVIDER_VERSIONS } from "../../config/load/provider-versions.ts";
import { Failure } from "../../lib/failure.ts";
import { writeAtomically } from "../../lib/files.ts";
import { callerDirectory, providerLockPath, terraformBinary } from "../../lib/process-env.ts";
import { currentProviderLock, LOCK_FILE, lockedProviders, unlocked } from "../../lib/provider-lock.ts";
import { terraformEnvironment } from "../../lib/terraform-environment.ts";

/** Where people and runners deploy from, by Terraform's names. */
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];

const HEAD = `# The Terraform providers that may run, of ${PLATFORMS.join(", ")}: made by ./olympus provider-lock,
# which never replaces the checksums of one version. Synth lays it beside each stack.
`;

interface Options {
  /** Say whether it holds what it must, and write nothing. */
  readonly check?: boolean;
  /** Folder that holds the packages, in the form of \`terraform providers mirror\`, in place of the registry. */
  readonly mirror?: string;
}

const DEMANDED = (["hcloud", "cloudflare"] as const).map((name) => ({
  source: PROVIDER_SOURCES[name],
  version: PROVIDER_VERSIONS[name],
}));

/** Locks the providers of this checkout in the file that synth lays beside each stack. */
export async function providerLock({ check, mirror }: Options): Promise<void> {
  if (check) return console.log(checkedLock());
  const path = providerLockPath();
  const old = existsSync(path) ? readFileSync(path, "utf8") : "";
  const text = await madeLock(mirror);
  refuseChanged(old, text);
  if (text === old) return console.log(`${path} is up to date.`);
  writeAtomically(path, text);
  console.log(`${path} is written: read its diff, then commit it.`);
}

/** What the file holds, in a line. Throws a {@link Failure} where the state is in S3 and a provider is not locked in its version. */
export function checkedLock(): string {
  const { state } = loadFleet().base;
  const path = providerLockPath();
  const lock = currentProviderLock();
  if (!lock) {
    if (state.kind === "local") return `There is no ${path}; none is needed while the state is local.`;
    throw new Failure(
      [
        `${path} is missing, and the state is in S3: whoever writes a state could have any provider downloaded and run by`,
        "the next plan, with that stack's tokens. Run `./olympus provider-lock` where the providers' registry answers, and",
        "commit the file.",
      ].join("\n"),
    );
  }
  const problems = unlocked(lock, DEMANDED);
  if (problems.length) {
    const lines = problems.map((line) => `  ${line}`);
    throw new Failure(
      [
        `${path} does not lock what the stacks demand:`,
        ...lines,
        "Run `./olympus provider-lock` and commit it.",
      ].join("\n"),
    );
  }
  return `${path} locks ${DEMANDED.map(({ source, version }) => `${source} ${version}`).join(" and ")}.`;
}

/** The file's new text, made from nothing. Throws a {@link Failure} with Terraform's words. */
async function madeLock(mirror: string | undefined): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-lock-"));
  try {
    const required_providers = Object.fromEntries(DEMANDED.map((one) => [one.source.split("/")[1], one]));
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const options = [
      ...PLATFORMS.map((platform) => `-platform=${platform}`),
      ...(mirror === undefined ? [] : [`-fs-mirror=${resolve(callerDirectory(), mirror)}`]),
    ];
    const { exitCode, all, shortMessage } = await execa(
      terraformBinary(),
      ["providers", "lock", "-no-color", ...options],
      {
        cwd: folder,
        env: terraformEnvironment(),
        extendEnv: false,
        stdin: "ignore",
        all: true,
        reject: false,
      },
    );
    if (exitCode !== 0) throw new Failure(`${all || shortMessage}\nNothing was written.`);
    const blocks = lockedProviders(readFileSync(join(folder, LOCK_FILE), "utf8")).map(({ block }) => block);
    return [HEAD, ...blocks.map((block) => `\n${block}\n`)].join("");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws a {@link Failure} where what was one version yesterday has other checksums today: Terraform would take both. */
function refuseChanged(old: string, text: string): void {
  const today = lockedProviders(text);
  for (const { address, version, block } of lockedProviders(old)) {
    const other = today.find((one) => one.address === address && one.version === version);
    if (other && other.block !== block)
      throw new Failure(
        [
          `${address} ${version} has other checksums than those that are locked. They are now:`,
          other.block,
          "Nothing was written. Find out why; where it is meant, take its block out of the file and run this again.",
        ].join("\n"),
      );
  }
}
