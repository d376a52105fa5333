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

/** Image of a new volume, unless it exists: blank, and it takes no space until written. */
export const ensureImageFile = async (volume: Volume): Promise<void> => {
  await mkdir(dirname(volume.image), { recursive: true });
  if (existsSync(volume.image)) return;
  const file = await open(volume.image, "wx", 0o600);
  await file.truncate(volume.sizeGb * GIB);
  await file.close();
};

/** Loop device of the volume; a new volume is blank. Needs root. */
export const attachVolume = async (volume: Volume): Promise<string> => {
  await ensureImageFile(volume);
  const attached = await attachedAs(volume.image);
  if (attached) return attached;
  return (await execa("losetup", ["--find", "--show", volume.image])).stdout.trim();
};

/** Numbers of a device file, as mknod wants them. */
export const deviceNumbers = async (device: string): Promise<{ major: string; minor: string }> => {
  const { stdout } = await execa("stat", ["--format=%Hr %Lr", device]);
  const [major = "", minor = ""] = stdout.trim().split(" ");
  return { major, minor };
};

/** Gives the loop device back; the image and its data stay. */
export const detachVolume = async (volume: Pick<Volume, "image">): Promise<void> => {
  const device = await attachedAs(volume.image);
  if (device) await execa("losetup", ["--detach", device]);
};
