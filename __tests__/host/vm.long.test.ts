import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stderrProgress } from "../../lib/progress.ts";
import { startVm, type Vm } from "../../sandbox/machines/vm.ts";
import { type Volume, volumePath } from "../../sandbox/machines/volume.ts";
import { skipWithout } from "../sandbox/machines/tools.ts";
import { VM_USER_DATA, VM_VOLUME_ID } from "./vm-user-data.ts";

const tools = ["qemu-system-x86_64", "mmdebstrap", "busybox", "nsenter", "iptables", "ssh", "ssh-keygen"];

const ADDRESS = "10.66.0.212";
/** Forwarded from ADDRESS beside 22: two that the machine opens, one that it keeps shut, each with a listener behind it. */
const PORTS = [80, 443, 5000];

describe.skipIf(skipWithout(tools))("a virtual machine that is told it is at Hetzner", () => {
  let folder: string;
  let vm: Vm;
  let volume: Volume;

  const start = async (id: string): Promise<void> => {
    const identity = join(folder, "id");
    const sshKeys = [(await readFile(`${identity}.pub`, "utf8")).trim()];
    const server = { id, hostname: `server-${id}`, userData: VM_USER_DATA, sshKeys };
    const place = { folder: join(folder, id), address: ADDRESS, ports: PORTS, identity };
    vm = await startVm({ ...server, ...place }, stderrProgress);
    await vm.waitForSsh();
  };
  const answer = async (script: string): Promise<string> => (await vm.exec(script)).stdout;
  const firstBoot = () => answer("cloud-init status --wait --format=json");
  const uuid = () => answer(`blkid -p -s UUID -o value ${volumePath(volume)}`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "olympus-vm-"));
    volume = { id: VM_VOLUME_ID, image: join(folder, "volume.img"), sizeGb: 1 };
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "id")]);
    await start("4711");
  });
  afterAll(async () => {
    await vm?.destroy();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test("waits for its volume, which comes after the boot, and ends its first boot without an error", async () => {
    expect(await answer(`test -e ${volumePath(volume)} || echo none`)).toBe("none");
    await vm.attach(volume);
    expect(JSON.parse(await firstBoot())).toMatchObject({
      datasource: "hetzner",
      status: "done",
      extended_status: "done",
      errors: [],
      recoverable_errors: {},
    });
    expect(await answer("cat /run/cloud-init/result.json")).toContain("DataSourceHetzner");
    expect(await answer("systemctl is-system-running --wait")).toBe("running");
  });

  test("was handed the rendered user_data, byte for byte", async () => {
    const received = await vm.exec("cat /var/lib/cloud/instance/user-data.txt; echo .");
    expect(received.stdout).toBe(`${VM_USER_DATA}.`);
  });

  test("has formatted the volume that udev names as at Hetzner, and mounted it", async () => {
    expect(await answer(`readlink -f ${volumePath(volume)}`)).toBe("/dev/sda");
    expect(await answer("findmnt -no SOURCE,FSTYPE,OPTIONS /mnt/olympus-data")).toMatch(
      /^\/dev\/sda +ext4 +rw,nosuid,nodev,noatime/,
    );
  });

  test("has the accounts, units and services that user_data declares", async () => {
    const sshd = (await answer("sshd -T")).split("\n");
    expect(sshd).toEqual(
      expect.arrayContaining(["permitrootlogin no", "passwordauthentication no", "allowusers olympus"]),
    );
    expect(await answer("passwd -S olympus | cut -d' ' -f2")).toBe("L");
    const units = ["olympus", "olympus-data", "nftables", "ssh", "systemd-timesyncd", "unattended-upgrades"];
    expect(await answer(`systemctl is-enabled ${units.join(" ")}`)).toBe(Array(6).fill("enabled").join("\n"));
    expect(await answer("systemctl is-active olympus-data nftables ssh")).toBe("active\nactive\nactive");
    // No release yet: nothing to start, and that is no failure.
    expect(await answer("systemctl show -P ConditionResult olympus.service")).toBe("no");
    expect(await answer("swapon --show=NAME,SIZE --noheadings")).toMatch(/^\/swapfile +2G$/);
    expect(await answer("journalctl --header | grep -m1 'File path'")).toContain("/var/log/journal/");
  });

  test("opens 22, 80 and 443 and nothing else that listens", async () => {
    await vm.exec(
      `for port in ${PORTS.join(" ")}; do systemd-run -q --unit=listen-$port python3 -m http.server $port; done; sleep 5`,
    );
    const get = async (port: number): Promise<string> => {
      const url = `http://${ADDRESS}:${port}/etc/hostname`;
      const { stdout } = await execa("curl", ["-s", "-m", "20", url], { reject: false });
      return stdout;
    };
    expect(await answer("curl -s http://127.0.0.1:5000/etc/hostname")).toBe("server-4711");
    expect(await Promise.all(PORTS.map(get))).toEqual(["server-4711", "server-4711", ""]);
  });

  test("a volume that holds somebody's data is neither formatted nor mounted", async () => {
    const foreign: Volume = { ...volume, image: join(folder, "foreign.img"), sizeGb: 1 / 16 };
    const before = Buffer.alloc(64 * 1024 ** 2);
    before.write("somebody's data", 800_000);
    await writeFile(foreign.image, before);
    await vm.exec("umount /mnt/olympus-data");
    await vm.detach(volume);
    await vm.attach(foreign);
    await vm.exec("udevadm settle");
    const { exitCode } = await vm.exec("systemctl restart olympus-data.service");
    expect(exitCode).toBe(1);
    expect(await answer("journalctl -u olympus-data.service -n 5")).toContain(
      `${volumePath(volume)} holds data of no known file system: not formatted, not mounted`,
    );
    expect((await vm.exec("mountpoint -q /mnt/olympus-data")).exitCode).not.toBe(0);
    await vm.detach(foreign);
    expect(before.equals(await readFile(foreign.image))).toBe(true);
    await vm.attach(volume);
  });

  test("a second boot finds the data, does nothing a second time and ends without an error", async () => {
    await vm.exec("udevadm settle; systemctl restart olympus-data.service");
    await vm.exec("echo kept >/mnt/olympus-data/file");
    const [formatted, boot] = [await uuid(), await answer("cat /proc/sys/kernel/random/boot_id")];
    await vm.exec("systemctl reboot");
    await expect
      .poll(() => answer("cat /proc/sys/kernel/random/boot_id"), { timeout: 300_000 })
      .toMatch(new RegExp(`^(?!${boot})[0-9a-f-]{36}$`));
    expect(JSON.parse(await firstBoot())).toMatchObject({ status: "done", errors: [] });
    expect(await answer("cat /mnt/olympus-data/file")).toBe("kept");
    expect(await uuid()).toBe(formatted);
    expect(await answer("systemctl is-system-running --wait")).toBe("running");
  });

  test("a power cut and another server under the same volume find the data that was synced", async () => {
    const formatted = await uuid();
    await vm.exec("cp /mnt/olympus-data/file /mnt/olympus-data/synced; sync");
    await vm.destroy();
    await start("4712");
    await vm.attach(volume);
    expect(JSON.parse(await firstBoot())).toMatchObject({ status: "done", errors: [] });
    expect(await answer("cat /mnt/olympus-data/synced")).toBe("kept");
    expect(await uuid()).toBe(formatted);
  });
});
