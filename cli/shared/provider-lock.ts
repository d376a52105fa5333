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
  readonly json?: boolean;
}

/** What the file holds of what the stacks demand, or what came of it. */
interface LockReport {
  readonly file: string;
  readonly state: "locked" | "written" | "not needed" | "missing" | "incomplete";
  /** What the stacks demand. */
  readonly providers: readonly { readonly source: string; readonly version: string }[];
  /** A line for each of them that is not locked. */
  readonly problems: readonly string[];
}

const DEMANDED = (["hcloud", "cloudflare"] as const).map((name) => ({
  source: PROVIDER_SOURCES[name],
  version: PROVIDER_VERSIONS[name],
}));

/** Locks the providers of this checkout in the file that synth lays beside each stack. Exit code 1: it does not hold what it must. */
export async function providerLock({ check, mirror, json }: Options): Promise<void> {
  const report = check ? lockReport() : await writeProviderLock(mirror);
  console.log(json ? JSON.stringify(report, null, 2) : providerLockText(report));
  process.exitCode = locksProviders(report) ? 0 : 1;
}

/** Writes the file unless it says all of it already. */
export async function writeProviderLock(mirror?: string): Promise<LockReport> {
  const path = providerLockPath();
  const text = await newProviderLock(mirror);
  if (text === lockText()) return reported("locked");
  writeAtomically(path, text);
  return reported("written");
}

const lockText = (): string => {
  const path = providerLockPath();
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

/** The file as it is to be. Throws a {@link Failure} where what was one version yesterday has other checksums today. */
export async function newProviderLock(mirror?: string): Promise<string> {
  const text = await madeLock(mirror);
  refuseChanged(lockText(), text);
  return text;
}

/** What the file holds. It may be missing while the state is local. */
export function lockReport(): LockReport {
  const lock = currentProviderLock();
  if (!lock) return reported(loadFleet().base.state.kind === "local" ? "not needed" : "missing");
  const problems = unlocked(lock, DEMANDED);
  return reported(problems.length ? "incomplete" : "locked", problems);
}

const reported = (state: LockReport["state"], problems: readonly string[] = []): LockReport => ({
  ...{ file: providerLockPath(), state, providers: DEMANDED, problems },
});

/** Whether no plan takes a provider that is not locked. */
export const locksProviders = ({ state }: LockReport): boolean =>
  state !== "missing" && state !== "incomplete";

/** The report as a person reads it; its first line says what is. */
export function providerLockText({ file, state, providers, problems }: LockReport): string {
  const lines = {
    locked: [
      `${file} locks ${providers.map(({ source, version }) => `${source} ${version}`).join(" and ")}.`,
    ],
    written: [`${file} is written: read its diff, then commit it.`],
    "not needed": [`There is no ${file}; none is needed while the state is local.`],
    missing: [
      `${file} is missing, and the state is in S3: whoever writes a state could have any provider downloaded and run by`,
      "the next plan, with that stack's tokens. Run `./olympus provider-lock` where the providers' registry answers, and",
      "commit the file.",
    ],
    incomplete: [
      `${file} does not lock what the stacks demand:`,
      ...problems.map((line) => `  ${line}`),
      "Run `./olympus provider-lock` and commit it.",
    ],
  };
  return lines[state].join("\n");
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
