import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Machines, MachineSpec as Order } from "../hetzner/world.ts";
import { bootMachine, type MachineSpec, removeMachine } from "./machine.ts";
import type { Mirror } from "./machine-root.ts";
import type { Progress } from "./progress.ts";
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
      name: project.slice(0, 12),
      folder: join(folder, project),
      hostname: server.name,
      address: ipv4 ?? bridgeAddress(server.id),
      userData: server.user_data,
      sshKeys: [...authorizedKeys, sshKey],
      mirror,
      ...(volume && {
        volume: { id: volume, image: join(folder, VOLUMES, `${project}-${volume}.img`), sizeGb: volumeGb },
      }),
    };
  };
  return {
    onServerCreate: async (order) => {
      await bootMachine(specOf(order), progress);
    },
    onServerDelete: (order) => removeMachine(specOf(order)),
  };
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
