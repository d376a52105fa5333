import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execaSync } from "execa";
import {
  at,
  closeBackupFixture,
  configure,
  fakePodman,
  openBackupFixture,
  run,
} from "../backup/backup-fixture.ts";
import { machine } from "../bundle/stack.ts";

// A rest on the real Postgres, Kratos and Hydra, with the data folder on a real ext4 of its own. What stands in for
// podman is the one of the backups, that also stops and starts Postgres.
const RELEASE = "20261102T000000Z-0123456789ab";
export const BUNDLE = "c".repeat(64);
const data = (): string => at("data");
const image = (): string => at("volume.img");

const execOrThrow = (file: string, ...args: string[]): string => execaSync(file, args).stdout;

/** As olympus-data.service does at a boot; nothing when it is there. */
export const mount = (): void => {
  if (!isMounted()) execOrThrow("mount", "-o", "loop,noatime", image(), data());
};
export const isMounted = (): boolean =>
  execaSync("mountpoint", ["-q", data()], { reject: false }).exitCode === 0;
/** What the disk itself says of the file system: whether its last user let it go in order. */
export const isClean = (): boolean =>
  !/needs_recovery/.test(execOrThrow("dumpe2fs", "-h", image())) &&
  execaSync("e2fsck", ["-f", "-n", image()], { reject: false }).exitCode === 0;

export async function openVolumeFixture(people = 200): Promise<void> {
  await openBackupFixture(people);
  configure({ DISPOSABLE: "1" });
  renameSync(at("bin-of-test/podman"), at("bin-of-test/podman-of-backup"));
  cpSync(resolve("__tests__/host/night/podman"), at("bin-of-test/podman"));
  execOrThrow("truncate", "-s", "256M", image());
  execOrThrow("mkfs.ext4", "-q", image());
  renameSync(data(), at("data-before"));
  mkdirSync(data());
  mount();
  cpSync(at("data-before"), data(), { recursive: true });
  // Where the container has its folder.
  symlinkSync(at("var/lib/postgresql"), join(data(), "postgres"));
  writeFileSync(at("release/bundle.sha256"), `${BUNDLE}\n`);
  mkdirSync(at("releases"));
  for (const name of [RELEASE, "20261101T000000Z-aaaaaaaaaaaa", "20261103T000000Z-bbbbbbbbbbbb.new"])
    cpSync(at("release"), join(at("releases"), name), { recursive: true });
  writeFileSync(at("history"), `${RELEASE} 2026-11-02T00:00:00Z release\n`);
}

export async function closeVolumeFixture(): Promise<void> {
  run("olympus-stop");
  if (isMounted()) execOrThrow("umount", data());
  await closeBackupFixture();
}

/** From a rest, as olympus-data.service and olympus-start do it: what the start compared, a line each. */
export function resumeServices(change: () => void = () => {}): string[] {
  mount();
  fakePodman("start", "olympus-postgres");
  change();
  const compared = run("olympus-rest", "compare");
  if (compared.code !== 0) throw new Error(compared.err);
  const started = run("olympus-start");
  if (started.code !== 0) throw new Error(started.err);
  return comparison().differences;
}

export const hibernationRecord = () => JSON.parse(readFileSync(join(data(), "rest/record.json"), "utf8"));
export const comparison = (): { of: string; differences: string[] } =>
  JSON.parse(readFileSync(join(data(), "rest/comparison.json"), "utf8"));

/** What Postgres' own program says of the cluster on the disk. */
export const clusterState = (): string =>
  /Database cluster state: +(.*)/.exec(
    machine.run(["pg_controldata", "-D", "/var/lib/postgresql/18/docker"]).out,
  )?.[1] ?? "";
