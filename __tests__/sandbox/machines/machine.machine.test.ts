import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { renderUserData } from "../../../host/user-data.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import {
  bootMachine,
  type Machine,
  type MachineSpec,
  openMachine,
} from "../../../sandbox/machines/machine.ts";
import { detachVolume, ensureImageFile, type Volume, volumePath } from "../../../sandbox/machines/volume.ts";
import { skipWithout } from "./tools.ts";

const tools = ["systemd-nspawn", "mmdebstrap", "nsenter", "iptables", "losetup"];

/** The template doubles what Terraform would read as its own; Terraform halves it again. */
const asServed = (userData: string): string => userData.replaceAll("$${", "${").replaceAll("%%{", "%{");

describe.skipIf(skipWithout(tools))("a machine booted from the product's own user_data", () => {
  let folder: string;
  let machine: Machine;
  const volumes = (): { blank: Volume; foreign: Volume } => ({
    blank: { id: "42", image: join(folder, "volume.img"), sizeGb: 1 },
    foreign: { id: "42", image: join(folder, "foreign.img"), sizeGb: 1 / 16 },
  });
  const spec = (): MachineSpec => ({
    name: "boot-test",
    folder: join(folder, "machine"),
    hostname: "boot-test",
    address: "10.66.0.211",
    userData: asServed(renderUserData("42")),
    sshKeys: [],
  });
  const withVolume = (): MachineSpec => ({ ...spec(), volume: volumes().blank });
  const answer = async (...command: string[]): Promise<string> => (await machine.exec(command)).stdout.trim();
  const source = () => answer("findmnt", "-no", "SOURCE,FSTYPE", "/mnt/olympus-data");
  const options = async () => (await answer("findmnt", "-no", "OPTIONS", "/mnt/olympus-data")).split(",");
  const uuid = () => answer("blkid", "-p", "-s", "UUID", "-o", "value", volumePath(volumes().blank));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "olympus-machine-"));
    machine = await bootMachine(spec(), stderrProgress);
  });
  afterAll(async () => {
    await machine?.destroy();
    for (const volume of Object.values(volumes())) await detachVolume(volume);
    await rm(folder, { recursive: true, force: true });
  });

  test("waits for a volume that appears late, formats the blank one and mounts it by its id", async () => {
    const waiting = () => answer("systemctl", "show", "-P", "ActiveState", "olympus-data.service");
    await vi.waitFor(async () => expect(await waiting()).toBe("activating"), {
      timeout: 120_000,
      interval: 500,
    });
    await machine.plug(volumes().blank);
    await machine.waitForCloudInit();
    expect(await source()).toMatch(/scsi-0HC_Volume_42 ext4$/);
  });

  test("runs Debian 13 under systemd, with its own name and no failed unit", async () => {
    expect(await answer("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME")).toBe("trixie");
    expect(await answer("hostname")).toBe("boot-test");
    expect(await answer("systemctl", "list-units", "--state=failed", "--no-legend")).toBe("");
  });

  test("answers the exit code of a command instead of throwing", async () => {
    expect((await machine.exec(["false"])).exitCode).toBe(1);
    expect((await machine.exec(["cat"], { input: "through" })).stdout).toBe("through");
  });

  test("refuses to be made twice in one folder", async () => {
    await expect(bootMachine(spec(), stderrProgress)).rejects.toThrow(/already holds a machine/);
  });

  test("gives nobody on the volume a program of root's or a device, also where it was mounted without", async () => {
    expect(await options()).toEqual(expect.arrayContaining(["rw", "noatime", "nosuid", "nodev"]));
    const attempts = `cp /usr/bin/id /mnt/olympus-data/id && chmod 4755 /mnt/olympus-data/id
      mknod -m 666 /mnt/olympus-data/null c 1 3
      setpriv --reuid 65534 --regid 65534 --clear-groups /mnt/olympus-data/id -u
      if echo x >/mnt/olympus-data/null; then echo opened; else echo closed; fi`;
    await machine.exec(["mount", "-o", "remount,suid,dev", "/mnt/olympus-data"]);
    expect(await answer("sh", "-c", attempts)).toBe("0\nopened");
    // As a release brings the file to a machine that is there: the program runs again, on what is mounted. By its systemd, which may
    // not have swap: entered from outside, it would swap on this computer, and its root could not be removed.
    await machine.exec(["systemd-run", "--wait", "--quiet", "/usr/local/sbin/olympus-data"]);
    expect(await options()).toEqual(expect.arrayContaining(["rw", "noatime", "nosuid", "nodev"]));
    await machine.exec(["rm", "/mnt/olympus-data/null"]);
    expect(await answer("sh", "-c", attempts)).toBe("65534\nclosed");
    await machine.exec(["rm", "/mnt/olympus-data/id", "/mnt/olympus-data/null"]);
  });

  test("keeps the volume over a reboot, a power cut and a re-creation", async () => {
    const formatted = await uuid();
    expect(formatted).toMatch(/^[0-9a-f-]{36}$/);
    await machine.exec(["sh", "-c", "echo kept >/mnt/olympus-data/file; sync"]);
    await machine.powerOff();
    expect(await machine.isRunning()).toBe(false);
    machine = openMachine(withVolume(), stderrProgress);
    await machine.boot();
    await machine.waitForCloudInit();
    expect(await answer("cat", "/mnt/olympus-data/file")).toBe("kept");

    await machine.cutPower();
    await machine.destroy();
    machine = await bootMachine(withVolume(), stderrProgress);
    await machine.waitForCloudInit();
    expect(await answer("cat", "/mnt/olympus-data/file")).toBe("kept");
    expect(await uuid()).toBe(formatted);
  });

  test.each([
    ["bytes of nobody's format", "head -c 4096 /dev/urandom >$1", "holds data of no known file system"],
    ["one byte, late in its beginning", "printf x | dd of=$1 seek=1048575 bs=1 conv=notrunc", "holds data"],
    ["swap space of another machine", "mkswap $1", "unknown filesystem type 'swap'"],
    ["an encrypted disk", "printf 'LUKS\\272\\276\\0\\1' >$1", "unknown filesystem type 'crypto_LUKS'"],
  ])("never writes to a volume that holds %s", async (_, fill, complaint) => {
    const { foreign } = volumes();
    await ensureImageFile(foreign);
    await execa("bash", ["-c", `${fill} && truncate -s 64M $1`, "fill", foreign.image], { stdio: "ignore" });
    const before = await readFile(foreign.image);
    await machine.exec(["umount", "/mnt/olympus-data"]);
    await machine.plug(foreign);
    const mounted = await machine.exec(["systemctl", "restart", "olympus-data.service"]);
    await detachVolume(foreign);
    expect(mounted.exitCode).toBe(1);
    expect(await answer("journalctl", "-u", "olympus-data.service", "-n", "5")).toContain(complaint);
    expect(before.equals(await readFile(foreign.image))).toBe(true);
    await rm(foreign.image);
  });
});

test("a name too long for a network interface is refused", async () => {
  const spec = {
    name: "a-very-long-name",
    folder: "/nowhere",
    hostname: "x",
    address: "10.66.0.2",
    userData: "",
    sshKeys: [],
  };
  const refused = bootMachine(spec, stderrProgress);
  await expect(refused).rejects.toThrow(process.getuid?.() === 0 ? /1 to 12/ : /root/);
});
