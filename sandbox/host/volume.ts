import { existsSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";

/** A block volume of the cloud: an image file behind a loop device, so that mkfs and mount are the real ones. */
export interface Volume {
  readonly id: string;
  readonly image: string;
  readonly sizeGb: number;
}

const GIB = 1024 ** 3;

/** Where Hetzner shows an attached volume inside the server. */
export const volumePath = (volume: Pick<Volume, "id">): string =>
  `/dev/disk/by-id/scsi-0HC_Volume_${volume.id}`;

const attachedAs = async (image: string): Promise<string | undefined> => {
  const { stdout } = await execa("losetup", ["--noheadings", "--output", "NAME", "--associated", image]);
  return stdout.split("\n")[0]?.trim() || undefined;
};

/** Loop device of the volume; a new volume is blank and takes no space until written. Needs root. */
export const attachVolume = async (volume: Volume): Promise<string> => {
  await mkdir(dirname(volume.image), { recursive: true });
  if (!existsSync(volume.image)) {
    const file = await open(volume.image, "wx", 0o600);
    await file.truncate(volume.sizeGb * GIB);
    await file.close();
  }
  const attached = await attachedAs(volume.image);
  if (attached) return attached;
  return (await execa("losetup", ["--find", "--show", volume.image])).stdout.trim();
};

/** Gives the loop device back; the image and its data stay. */
export const detachVolume = async (volume: Pick<Volume, "image">): Promise<void> => {
  const device = await attachedAs(volume.image);
  if (device) await execa("losetup", ["--detach", device]);
};
