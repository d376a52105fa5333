import { join } from "node:path";
import { execa } from "execa";
import { cached, recipeKey } from "../../lib/cache.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { ensureTools, requireRoot } from "./tools.ts";

export interface RootFileSystem {
  readonly suite: string;
  /** Of mmdebstrap: `extract` unpacks the packages and configures nothing. Unset means minbase. */
  readonly variant?: "extract";
  readonly include: readonly string[];
  readonly sources: readonly string[];
  readonly dpkgOptions?: readonly string[];
  /** Shell lines run outside the new root (`$1`): before the packages are configured, and at the end. */
  readonly essentialHook?: string;
  readonly customizeHook?: string;
}

const MIRROR = "http://deb.debian.org/debian";
const SECURITY = "http://deb.debian.org/debian-security";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** What Hetzner's `debian-13` image brings and the bootstrap relies on, and no more. */
export const DEBIAN_13: RootFileSystem = {
  suite: "trixie",
  include: [
    ...["systemd", "systemd-sysv", "systemd-resolved", "dbus", "udev", "kmod", "procps", "e2fsprogs"],
    ...["cloud-init", "netplan.io", "iproute2", "openssh-server", "sudo", "cron"],
    ...["ca-certificates", "curl", "gnupg", "python3"],
  ],
  sources: [
    `deb ${MIRROR} trixie main`,
    `deb ${MIRROR} trixie-updates main`,
    `deb ${SECURITY} trixie-security main`,
  ],
};

/** Postgres 18 with its clients: Debian 13 has 17, so it comes from the testing suite. */
const POSTGRES_18: RootFileSystem = {
  suite: "forky",
  include: ["postgresql-18", "postgresql-client-18", "ca-certificates"],
  sources: [`deb ${MIRROR} forky main`],
  dpkgOptions: ["path-exclude=/usr/share/doc/*", "path-exclude=/usr/share/man/*"],
  // The Alpine image's postgres is 70:70, and files on a data volume keep their numbers.
  essentialHook:
    'echo "postgres:x:70:70::/var/lib/postgresql:/bin/bash" >>"$1/etc/passwd"; echo "postgres:x:70:" >>"$1/etc/group"',
  // The package makes a cluster of its own; the container's entrypoint makes the one that counts. As in the
  // official image a new cluster listens on every address of its container.
  customizeHook: [
    'cd "$1" && rm -rf var/lib/postgresql/18 etc/postgresql/18 var/cache/apt var/lib/apt/lists',
    `sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" usr/share/postgresql/18/postgresql.conf.sample`,
  ].join(" && "),
};

/** The restic that a machine gets from its packages. */
const RESTIC: RootFileSystem = {
  suite: "trixie",
  variant: "extract",
  include: ["restic"],
  sources: [`deb ${MIRROR} trixie main`],
};

export const ROOT_FILE_SYSTEMS = {
  "debian-13": DEBIAN_13,
  "postgres-18": POSTGRES_18,
  restic: RESTIC,
} as const;

export type RootFileSystemName = keyof typeof ROOT_FILE_SYSTEMS;

const bootstrap = async (root: RootFileSystem, target: string): Promise<void> => {
  const options = [
    `--variant=${root.variant ?? "minbase"}`,
    // A mirror may serve a Release file older than its own Valid-Until; the signature is still checked.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    ...(root.dpkgOptions ?? []).map((option) => `--dpkgopt=${option}`),
    `--include=${root.include.join(",")}`,
    `--keyring=${KEYRING}`,
    ...(root.essentialHook ? [`--essential-hook=${root.essentialHook}`] : []),
    ...(root.customizeHook ? [`--customize-hook=${root.customizeHook}`] : []),
  ];
  const input = `${root.sources.join("\n")}\n`;
  await execa("mmdebstrap", [...options, root.suite, target, "-"], { input });
};

/**
 * Absolute path of the tarball of a Debian root file system, made by mmdebstrap on first use (35 to 75 s).
 * Throws when not root or when the Debian mirror does not answer.
 */
export const ensureRootFileSystem = (name: RootFileSystemName, progress: Progress): Promise<string> =>
  buildRootFileSystem(name, ROOT_FILE_SYSTEMS[name], progress);

/** The same for any recipe, kept under `name`. */
export const buildRootFileSystem = async (
  name: string,
  root: RootFileSystem,
  progress: Progress,
): Promise<string> => {
  const folder = await cached("roots", `${name}-${process.arch}-${recipeKey(root)}`, async (aside) => {
    requireRoot("Making a Debian root file system");
    await ensureTools(["mmdebstrap"], progress);
    await step(progress, `root file system ${name}`, () => bootstrap(root, join(aside, "root.tar")));
  });
  return join(folder, "root.tar");
};
