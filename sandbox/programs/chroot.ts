import { join } from "node:path";
import { execa } from "execa";

/** Makes the chroot the root of a command's mounts: its own head says why. */
export const CHROOT_AS_ROOT = join("sandbox", "programs", "chroot-as-root");

/** Whether the root of this process is not that of its mounts. */
export async function isInChroot(): Promise<boolean> {
  const root = ["stat", "-c", "%d:%i", "/"];
  const own = await execa("stat", root.slice(1));
  // Who enters mounts stands at their root. Who may not enter does not make containers here either.
  const ofMounts = await execa("nsenter", ["--mount=/proc/self/ns/mnt", ...root], { reject: false });
  return ofMounts.exitCode === 0 && ofMounts.stdout !== own.stdout;
}
