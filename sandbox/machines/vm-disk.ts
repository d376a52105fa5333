import { copyFile, mkdir, readdir, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { cached, recipeKey } from "../../lib/cache.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { buildRootFileSystem, DEBIAN_13, type RootFileSystem } from "../programs/root-file-systems.ts";
import { ensureTools } from "../programs/tools.ts";

/** What a virtual machine starts from. */
export interface VmDisk {
  /** Raw ext4 image, mostly holes: copy it before use. */
  readonly image: string;
  readonly kernel: string;
  readonly initrd: string;
}

const SIZE_BYTES = 8 * 1024 ** 3;

/**
 * Debian 13 with a kernel of its own and the DHCP client that cloud-init asks Hetzner's metadata service with. The
 * packages that `userData` names are there already: under emulation apt alone takes three minutes to unpack them.
 */
const recipeFor = (userData: string): RootFileSystem => {
  const { packages = [] } = parse(userData) as { packages?: string[] };
  const kernel = ["linux-image-cloud-amd64", "initramfs-tools", "dhcpcd-base"];
  const include = [...new Set([...DEBIAN_13.include, ...kernel, ...packages])];
  // As in Debian's own cloud images, where netplan hands the network to networkd.
  return { ...DEBIAN_13, include, customizeHook: 'chroot "$1" systemctl enable systemd-networkd.service' };
};

const only = async (folder: string, prefix: string): Promise<string> => {
  const [name, ...others] = (await readdir(folder)).filter((file) => file.startsWith(prefix));
  if (name === undefined || others.length > 0) throw new Error(`${folder} must hold one ${prefix}* file.`);
  return join(folder, name);
};

/** Disk, kernel and initrd for a machine that boots `userData`, made on first use (about two minutes). Needs root. */
export const ensureVmDisk = async (userData: string, progress: Progress): Promise<VmDisk> => {
  const recipe = recipeFor(userData);
  const folder = await cached("vm-disks", recipeKey([recipe, SIZE_BYTES]), async (aside) => {
    await ensureTools(["mkfs.ext4"], progress);
    const tar = await buildRootFileSystem("debian-13-vm", recipe, progress);
    const root = join(aside, "root");
    await mkdir(root);
    await step(progress, "disk of a virtual machine", async () => {
      await execa("tar", ["-C", root, "--numeric-owner", "-xpf", tar]);
      // Now the builder's resolver stands there.
      await execa("ln", ["-sf", "/run/systemd/resolve/stub-resolv.conf", join(root, "etc/resolv.conf")]);
      await copyFile(await only(join(root, "boot"), "vmlinuz-"), join(aside, "kernel"));
      await copyFile(await only(join(root, "boot"), "initrd.img-"), join(aside, "initrd"));
      await execa("mkfs.ext4", ["-q", "-d", root, join(aside, "disk.img"), `${SIZE_BYTES / 1024}k`]);
    });
    await truncate(join(aside, "disk.img"), SIZE_BYTES);
    await rm(root, { recursive: true });
  });
  return {
    image: join(folder, "disk.img"),
    kernel: join(folder, "kernel"),
    initrd: join(folder, "initrd"),
  };
};
