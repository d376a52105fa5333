import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import { execa } from "execa";
import { Failure } from "./failure.ts";
import { installCommand, installsPackages, isRoot, missingTools, type Tool } from "./machine-tools.ts";
import { cacheDirectory, terraformBinary } from "./process-env.ts";

/** What one use of this computer needs of it. */
export interface MachineNeeds {
  readonly tools: readonly Tool[];
  /** Programs that no package of Debian brings in the version that is needed. */
  readonly programs: readonly ProgramNeed[];
  readonly root?: boolean;
  /** Of the whole computer, in GB. */
  readonly memoryGb?: number;
  /** Free where things are built and kept, in MB. */
  readonly diskMb?: number;
}

/** Something that this computer lacks, and what brings it. */
export interface Lack {
  readonly what: string;
  readonly remedy: string;
}

type ProgramNeed = "node" | "node for tests" | "terraform" | "go";

interface Version {
  readonly least: string;
  readonly command: () => readonly [string, ...string[]];
  readonly install: string;
}

const PROGRAMS: Readonly<Record<ProgramNeed, Version>> = {
  node: {
    least: "20.9",
    command: () => ["node", "--version"],
    install: "Node.js 24 from https://nodejs.org",
  },
  "node for tests": {
    least: "20.19",
    command: () => ["node", "--version"],
    install: "Node.js 24 from https://nodejs.org",
  },
  terraform: {
    least: "1.10",
    command: () => [terraformBinary(), "version"],
    install:
      "https://developer.hashicorp.com/terraform/install, or OpenTofu with TERRAFORM_BINARY_NAME=tofu (https://opentofu.org/docs/intro/install)",
  },
  go: { least: "1.26", command: () => ["go", "version"], install: "Go from https://go.dev/dl" },
};

const TESTED: readonly Tool[] = ["gh", "ssh", "ssh-keygen", "jq", "curl", "openssl"];
const MACHINES: readonly Tool[] = [
  ...(["busybox", "mmdebstrap", "podman", "systemd-nspawn", "nsenter", "iptables", "mkfs.ext4"] as const),
  ...(["losetup", "ip", "ps", "ssh", "ssh-keygen", "jq", "curl", "openssl"] as const),
];
const ON_MACHINES: readonly Tool[] = [
  ...(["podman", "/usr/lib/podman/aardvark-dns", "runc", "nft", "sshd"] as const),
  ...(["shellcheck", "python3", "pip3"] as const),
];
/** The limits of a machine's containers add up to 3.5 GB (host/release/bin/olympus-budget). */
const MEMORY_GB = 4;

/** What is needed for what: the one table that every door asks before it begins. */
export const MACHINE_NEEDS = {
  /** Clouds for real. */
  provision: { tools: [], programs: ["node", "terraform"] },
  /** A day with machines and GitHub. */
  operate: { tools: ["git", "gh", "ssh", "ssh-keygen", "ssh-keyscan"], programs: ["node", "terraform"] },
  /** Emulated clouds. Go where the registry of the providers is out of reach. */
  sandbox: { tools: [], programs: ["node", "terraform", "go"] },
  /** Servers of the sandbox that boot. */
  machines: { tools: MACHINES, programs: ["node", "terraform", "go"], root: true, memoryGb: MEMORY_GB },
  /** Olympus in containers; without aardvark-dns they start, and none finds another by its name. */
  local: {
    tools: ["podman", "/usr/lib/podman/aardvark-dns", "jq", "curl"],
    programs: ["node", "go"],
    root: true,
    memoryGb: MEMORY_GB,
  },
  /** Tests that need an operator's tools. */
  tests: { tools: TESTED, programs: ["node for tests", "terraform", "go"] },
  /** And those on machines. */
  "all tests": {
    tools: [...MACHINES, ...TESTED, ...ON_MACHINES],
    programs: ["node for tests", "terraform", "go"],
    root: true,
    memoryGb: MEMORY_GB,
  },
} as const satisfies Record<string, MachineNeeds>;

export type MachinePurpose = keyof typeof MACHINE_NEEDS;

/** Everything that this computer lacks, a row each. `installs`: what a package brings is installed later, where it can be. */
export async function machineLacks(needs: MachineNeeds, installs = false): Promise<Lack[]> {
  const packages =
    installs && (await installsPackages()) ? [] : await missingTools([...new Set(needs.tools)]);
  const versions = await Promise.all([...new Set(needs.programs)].map(versionLack));
  return [
    ...(needs.root && !isRoot()
      ? [
          {
            what: "root",
            remedy: "sudo, and the variables behind it: sudo ENV=staging ./scripts/provision.sh …",
          },
        ]
      : []),
    ...versions.flatMap((lack) => lack ?? []),
    ...(packages.length ? [{ what: packages.join(", "), remedy: `sudo ${installCommand(packages)}` }] : []),
    ...memoryLack(needs.memoryGb ?? 0),
    ...cacheLack(needs.diskMb ?? 0),
  ];
}

/** Throws one {@link Failure} that lists everything the computer lacks, before anything is built. */
export async function requireMachine(purpose: string, needs: MachineNeeds, installs = false): Promise<void> {
  const lacks = await machineLacks(needs, installs);
  if (lacks.length) throw new Failure(lacksText(purpose, lacks));
}

/** The list as a person reads it. */
export const lacksText = (purpose: string, lacks: readonly Lack[]): string =>
  [
    `This computer lacks for ${purpose}; nothing was started:`,
    ...lacks.map(({ what, remedy }) => `  ${what}\n      ${remedy}`),
  ].join("\n");

async function versionLack(name: ProgramNeed): Promise<Lack | undefined> {
  const { least, command, install } = PROGRAMS[name];
  const [program, ...args] = command();
  const { stdout, exitCode } = await execa(program, args, { reject: false });
  const label = `${program} ${least} or later`;
  if (exitCode === undefined) return { what: label, remedy: install };
  const [, found = ""] = /(\d+\.\d+)/.exec(stdout) ?? [];
  if (isAtLeast(found, least)) return undefined;
  return { what: `${label}: this is ${found || "of unknown version"}`, remedy: install };
}

function isAtLeast(found: string, least: string): boolean {
  const [a = 0, b = 0] = found.split(".").map(Number);
  const [major = 0, minor = 0] = least.split(".").map(Number);
  return a > major || (a === major && b >= minor);
}

function memoryLack(gigabytes: number): Lack[] {
  const here = totalmem() / 1e9;
  // A computer sold with 4 GB shows a little less.
  if (here >= gigabytes * 0.93) return [];
  return [
    {
      what: `memory: ${here.toFixed(1)} GB, ${gigabytes} GB are needed`,
      remedy: "a computer, or a virtual machine, with more memory",
    },
  ];
}

function cacheLack(megabytes: number): Lack[] {
  const folder = cacheDirectory();
  const there = nearest(folder);
  if (!isWritableFolder(there))
    return [
      {
        what: `a folder to keep what is built: ${folder} cannot be written`,
        remedy:
          "export HOME=<a folder that you may write>, which serves Go and npm too, or OLYMPUS_CACHE_DIR alone",
      },
    ];
  const { bavail, bsize } = statfsSync(there);
  const free = (bavail * bsize) / 1e6;
  return free >= megabytes
    ? []
    : [
        {
          what: `disk: ${(free / 1000).toFixed(1)} GB are free at ${folder}, about ${(megabytes / 1000).toFixed(1)} GB are needed`,
          remedy: "free some, or export OLYMPUS_CACHE_DIR=<a folder on another disk>",
        },
      ];
}

/** What is there of a folder's path. */
const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)));

function isWritableFolder(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
