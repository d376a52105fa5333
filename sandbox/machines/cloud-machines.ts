import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machines, CloudMachineSpec as Order } from "@olympus-infra/hetzner-emulator";
import { Failure } from "../../lib/failure.ts";
import type { Progress } from "../../lib/progress.ts";
import { bootMachine, type MachineSpec, removeMachine } from "./machine.ts";
import type { Mirror } from "./machine-root.ts";
import { type Container, rootOf } from "./nspawn.ts";
import { detachVolume } from "./volume.ts";

export interface CloudMachinesOptions {
  /** Where disks and volumes lie. */
  readonly folder: string;
  /** Public key that also gets in: the configuration's operators have keys that nobody here holds. */
  readonly sshKey: string;
  readonly mirror: Mirror;
  readonly volumeGb: number;
}

const FIRST_HOST = 10;
const VOLUMES = "volumes";

/** Address on the sandbox's bridge for a primary IP: the machine really answers there. */
export const bridgeAddress = (id: number): string => `10.66.0.${FIRST_HOST + (id % 200)}`;

/** A project's server and the volume of that id, below `folder`. */
export const containerOf = (
  folder: string,
  project: string,
  volume: string | undefined,
  sizeGb: number,
): Container => ({
  name: project.slice(0, 12),
  folder: join(folder, project),
  ...(volume && { volume: { id: volume, image: join(folder, VOLUMES, `${project}-${volume}.img`), sizeGb } }),
});

/**
 * Servers of the emulated cloud that are real machines: each boots the `user_data` it was ordered with. A volume is there
 * from the start, since a container takes no disk while it runs; the image outlives the machine.
 */
export function cloudMachines(
  { folder, sshKey, mirror, volumeGb }: CloudMachinesOptions,
  progress: Progress,
): Machines {
  const specOf = ({ project, server, authorizedKeys, ipv4 }: Order): MachineSpec => {
    const volume = /scsi-0HC_Volume_(\d+)/.exec(server.user_data)?.[1];
    return {
      ...containerOf(folder, project, volume, volumeGb),
      hostname: server.name,
      address: ipv4 ?? bridgeAddress(server.id),
      userData: server.user_data,
      sshKeys: authorizedKeys,
      sandboxKey: sshKey,
      mirror,
    };
  };
  return {
    onServerCreate: async (order) => {
      await bootMachine(specOf(order), progress);
    },
    onServerDelete: (order) => removeMachine(specOf(order)),
    // A sandbox that ran without machines has servers in its books alone.
    onServerFound: async (order) => {
      const spec = specOf(order);
      if (!existsSync(rootOf(spec))) await bootMachine(spec, progress);
    },
  };
}

const FIRST_BOOT_LIMIT_MS = 600_000;
const POLL_MS = 500;

/**
 * Waits for the first boot of a project's server to end and reads its host key (`ssh-ed25519 AAAA…`) where nobody stands
 * in between: on its disk. Throws after 10 min.
 */
export async function firstBoot(folder: string, project: string): Promise<string> {
  const root = rootOf({ name: project, folder: join(folder, project) });
  const end = Date.now() + FIRST_BOOT_LIMIT_MS;
  while ((await glob(join(root, "var/lib/cloud/instances"), "boot-finished")) === undefined) {
    if (Date.now() > end)
      throw new Failure(`The first boot of ${project} has not ended within 10 min: see its console.log.`);
    await sleep(POLL_MS);
  }
  return (await readFile(join(root, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8")).trim();
}

/** The file of that name in one of the folders of `folder`. */
async function glob(folder: string, name: string): Promise<string | undefined> {
  const folders = await readdir(folder).catch(() => []);
  return folders.map((inner) => join(folder, inner, name)).find((file) => existsSync(file));
}

/** Ends every machine of a sandbox and gives the loop devices of its volumes back; the folder itself stays. */
export async function removeMachines(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name === VOLUMES) continue;
    await removeMachine({ name, folder: join(folder, name) });
  }
  for (const image of existsSync(join(folder, VOLUMES)) ? await readdir(join(folder, VOLUMES)) : [])
    await detachVolume({ image: join(folder, VOLUMES, image) });
}
