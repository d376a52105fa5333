import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { ReleaseOptions } from "../../../cli/release/release.ts";
import { renderUserData } from "../../../host/user-data.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { bootMachine, removeMachine } from "../../../sandbox/machines/machine.ts";
import { detachVolume } from "../../../sandbox/machines/volume.ts";
import type { Behaviour } from "./contents.ts";

export const RELEASE_TOOLS = [
  "systemd-nspawn",
  "mmdebstrap",
  "nsenter",
  "iptables",
  "losetup",
  "ssh",
  "ssh-keyscan",
];

/** How a command of the operator ended. */
export interface OperatorResult {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

type Extra = { readonly [K in keyof ReleaseOptions]?: ReleaseOptions[K] | undefined };

/** A machine of its own, booted from the product's user_data, and an operator who may enter it. */
export interface Host {
  /** What the operator passes to every verb. */
  readonly options: ReleaseOptions & { readonly host: string };
  /** Runs as root on the machine, past ssh. */
  inside(script: string): Promise<string>;
  /** `olympus release` of a small release; `killAfter`: kill -9 after so many milliseconds. */
  release(version: string, behaviour: Behaviour, extra?: Extra, killAfter?: number): Promise<OperatorResult>;
  /** `olympus …` as people type it, with the options of the machine added. */
  olympus(words: readonly string[], killAfter?: number): Promise<OperatorResult>;
  cutPower(): Promise<void>;
  stop(): Promise<void>;
}

// Another run of these tests may be under way on this computer.
const ADDRESS = `10.66.0.${220 + (process.pid % 30)}`;
const NAME = `rel-${process.pid % 100_000}`;
const VOLUME = "4711";

/** The template doubles what Terraform would read as its own; Terraform halves it again. */
const asServed = (userData: string): string => userData.replaceAll("$${", "${").replaceAll("%%{", "%{");

async function startedOr<T>(stop: () => Promise<void>, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function startHost(): Promise<Host> {
  const folder = await mkdtemp(join(tmpdir(), "olympus-release-"));
  const identity = join(folder, "id");
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", identity]);
  const volume = { id: VOLUME, image: join(folder, "volume.img"), sizeGb: 4 };
  const spec = { name: NAME, folder: join(folder, "machine") };
  const stop = async (): Promise<void> => {
    await removeMachine(spec);
    await detachVolume(volume);
    await rm(folder, { recursive: true, force: true });
  };
  const machine = await startedOr(stop, async () => {
    const sshKeys = [(await readFile(`${identity}.pub`, "utf8")).trim()];
    const userData = asServed(renderUserData(VOLUME));
    const seed = { hostname: NAME, address: ADDRESS, userData, sshKeys };
    const booted = await bootMachine({ ...spec, ...seed, volume }, stderrProgress);
    await booted.waitForCloudInit();
    return booted;
  });
  // The kernel is this computer's: swap of the machine would stay in use after it.
  await machine.exec(["swapoff", "/swapfile"]);
  const inside = async (script: string): Promise<string> =>
    (await machine.exec(["sh", "-c", script])).stdout.trim();
  await inside("mkdir -p /opt/olympus/config && echo KEY=value >/opt/olympus/config/secrets.env");
  const hostKey = (await inside("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).split(" ")[1] ?? "";
  const options = { host: ADDRESS, identity, hostKey, knownHosts: join(folder, "known_hosts") };
  const node = async (words: readonly string[], killAfter?: number): Promise<OperatorResult> => {
    const child = execa("node", ["scripts/run.mjs", ...words], { reject: false });
    if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
    const { exitCode, stdout, stderr } = await child;
    return { code: exitCode, out: stdout, err: stderr };
  };
  return {
    options,
    inside,
    release: (version, behaviour, extra = {}, killAfter) => {
      const asked = JSON.stringify({ ...options, ...extra });
      return node(["__tests__/cli/release/release-small.ts", version, behaviour, asked], killAfter);
    },
    olympus: (words, killAfter) => {
      const machine = ["--host", ADDRESS, "--identity", identity];
      const trust = ["--host-key", hostKey, "--known-hosts", options.knownHosts];
      return node([...words, ...machine, ...trust], killAfter);
    },
    cutPower: async () => {
      await machine.cutPower();
      await machine.boot();
      await machine.waitForCloudInit();
      await machine.exec(["swapoff", "/swapfile"]);
    },
    stop,
  };
}
