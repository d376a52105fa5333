import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderUserData } from "../../../host/user-data.ts";
import { bootMachine, type Machine, type MachineSpec } from "../../../sandbox/host/machine.ts";
import { stderrProgress } from "../../../sandbox/host/progress.ts";
import { skipWithout } from "./tools.ts";

const tools = ["systemd-nspawn", "mmdebstrap", "nsenter", "iptables", "losetup"];

/** The template doubles what Terraform would read as its own; Terraform halves it again. */
const asServed = (userData: string): string => userData.replaceAll("$${", "${").replaceAll("%%{", "%{");

describe.skipIf(skipWithout(tools))("a machine booted from the product's own user_data", () => {
  let folder: string;
  let machine: Machine;
  const spec = (): MachineSpec => ({
    name: "boot-test",
    folder: join(folder, "machine"),
    hostname: "boot-test",
    address: "10.66.0.211",
    userData: asServed(renderUserData("42")),
    sshKeys: [],
    volume: { id: "42", image: join(folder, "volume.img"), sizeGb: 1 },
  });
  const answer = async (...command: string[]): Promise<string> => (await machine.exec(command)).stdout.trim();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "olympus-machine-"));
    machine = await bootMachine(spec(), stderrProgress);
    await machine.waitForCloudInit();
  });
  afterAll(async () => {
    await machine?.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  test("runs Debian 13 under systemd, with its own name and no failed unit", async () => {
    expect(await answer("sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME")).toBe("trixie");
    expect(await answer("hostname")).toBe("boot-test");
    expect(await answer("systemctl", "list-units", "--state=failed", "--no-legend")).toBe("");
  });

  test("has formatted and mounted the blank volume by its id", async () => {
    expect(await answer("findmnt", "-no", "SOURCE,FSTYPE", "/mnt/olympus-data")).toMatch(
      /scsi-0HC_Volume_42.* ext4$/,
    );
  });

  test("answers the exit code of a command instead of throwing", async () => {
    expect((await machine.exec(["false"])).exitCode).toBe(1);
    expect((await machine.exec(["cat"], { input: "through" })).stdout).toBe("through");
  });

  test("refuses to be made twice in one folder", async () => {
    await expect(bootMachine(spec(), stderrProgress)).rejects.toThrow(/already holds a machine/);
  });

  test("keeps the volume over a reboot, a power cut and a re-creation", async () => {
    await machine.exec(["sh", "-c", "echo kept >/mnt/olympus-data/file; sync"]);
    await machine.powerOff();
    expect(await machine.isRunning()).toBe(false);
    await machine.boot();
    await machine.waitForCloudInit();
    expect(await answer("cat", "/mnt/olympus-data/file")).toBe("kept");

    await machine.cutPower();
    await machine.destroy();
    machine = await bootMachine(spec(), stderrProgress);
    await machine.waitForCloudInit();
    expect(await answer("cat", "/mnt/olympus-data/file")).toBe("kept");
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
