import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { killAndRepeat, rollBackAndForth } from "./killed.ts";
import { type Host, RELEASE_TOOLS, startHost } from "./machine.ts";
import { expectServed, readDiskState } from "./state.ts";

describe.skipIf(skipWithout(RELEASE_TOOLS))(
  "release and rollback on a machine booted from the product's user_data",
  () => {
    let host: Host;
    beforeAll(async () => {
      host = await startHost();
    });
    afterAll(async () => {
      await host?.stop();
    });

    const state = () => readDiskState(host);
    const expectServing = (version: string) => expectServed(host, version);

    test("a dry run shows the product's own release and writes nothing", async () => {
      const { code, out } = await host.olympus(["release", "staging", "--dry-run"]);
      expect(code, out).toBe(0);
      expect(out).toContain("systemctl reload-or-restart --no-block olympus.service");
      expect(await host.inside("ls /opt/olympus/releases 2>&1")).toContain("No such file");
    });

    test("a machine that shows another key than the given one is sent nothing", async () => {
      const { code, err } = await host.release("v1", "good", { hostKey: "SHA256:of-another-machine" });
      expect(code).toBe(1);
      expect(err).toMatch(
        /shows the host key SHA256:\S+, not SHA256:of-another-machine. Nothing was sent to it./,
      );
    });

    test("a machine that nobody vouches for is not known, and says what to compare", async () => {
      const unknown = { hostKey: undefined, knownHosts: `${host.options.knownHosts}.empty` };
      const { code, err } = await host.release("v1", "good", unknown);
      expect(code).toBe(1);
      expect(err).toContain(`pass it: --host-key ${host.options.hostKey}`);
    });

    test("the first release comes up, and the same again is nothing to do", async () => {
      const first = await host.release("v1", "good");
      expect(first.code, first.err).toBe(0);
      const id = await expectServing("v1");
      const again = await host.release("v1", "good");
      expect(again.out).toBe(`staging already serves ${id} and is healthy; nothing to do.`);
    });

    test.each([
      ["fails", "the planted fault"],
      ["unwell", "postgres is exited"],
      ["open", "the release's firewall is refused; nothing was changed"],
    ] as const)(
      "a release that %s is taken back by itself, and both are named",
      async (behaviour, reason) => {
        const { current: before } = await state();
        const { code, out } = await host.release("v2", behaviour);
        expect(code).toBe(1);
        expect(out).toContain(reason);
        expect(out).toMatch(new RegExp(`-[0-9a-f]{12} did not become healthy:[^]*rolled back to ${before}`));
        expect(await state()).toMatchObject({ version: "v1.example", runs: before, current: before });
      },
    );

    test("of two releases at once the second is refused, with the first one's name", async () => {
      const [one, two] = await Promise.all([host.release("v3", "good"), host.release("v4", "good")]);
      const [winner, loser] = one.code === 0 ? ["v3", two] : ["v4", one];
      expect(loser.code).toBe(1);
      expect(loser.err).toMatch(/another release or rollback is running: \S+@\S+ since 20/);
      await expectServing(winner);
    });

    test("rollback goes to what served before, and says what it can go back to", async () => {
      const back = await host.olympus(["rollback", "staging"]);
      expect(back.code, back.err).toBe(0);
      const v1 = await expectServing("v1");
      const nowhere = await host.olympus(["rollback", "staging"]);
      expect(nowhere.err).toContain("has nothing to go back to");
      const unknown = await host.olympus(["rollback", "staging", "--to", "yesterday"]);
      expect(unknown.err).toContain(`${v1}  current`);
    });

    test("status is 0 while healthy and 1 with the reason when not", async () => {
      const well = await host.olympus(["status", "staging", "--json"]);
      expect(well.code, well.err + well.out).toBe(0);
      expect(JSON.parse(well.out)).toMatchObject({ environment: "staging", healthy: true, problems: [] });
      await host.inside("systemctl stop olympus.service");
      const down = await host.olympus(["status", "staging"]);
      expect(down.code).toBe(1);
      expect(down.out).toContain("! olympus.service is inactive");
    });

    test("a machine of last year becomes what a new one would be, and what only a new one has is named", async () => {
      const differences = async (): Promise<string[]> =>
        JSON.parse((await host.olympus(["status", "staging", "--json"])).out).differences;
      expect(await differences()).toEqual([]);
      const files = "/etc/ssh/sshd_config.d/10-olympus.conf /etc/nftables.conf /usr/local/sbin/olympus-data";
      const born = await host.inside(`sha256sum ${files}`);
      await host.inside(`
        sed -i 's/MaxAuthTries 3/MaxAuthTries 6/' /etc/ssh/sshd_config.d/10-olympus.conf
        sed -i 's/22, 80, 443/22, 80, 443, 8443/' /etc/nftables.conf
        systemctl reload ssh.service nftables.service
        sed -i 's/^# Swap lives.*/# Of last year./' /usr/local/sbin/olympus-data
        sed -i 's/groups: \\[sudo, systemd-journal\\]/groups: [sudo]/' /var/lib/cloud/instance/user-data.txt`);
      const onlyNew = [
        "a new machine has no: groups: [sudo]",
        "only a new machine has: groups: [sudo, systemd-journal]",
      ];
      const changed = files.split(" ").map((file) => `${file} is not what this release has`);
      expect((await differences()).sort()).toEqual([...changed, ...onlyNew].sort());

      const { code, err } = await host.release("last-year", "good");
      expect(code, err).toBe(0);
      expect(await host.inside(`sha256sum ${files}`)).toBe(born);
      expect(await host.inside("nft list chain inet olympus input")).not.toContain("8443");
      expect((await differences()).sort()).toEqual(onlyNew);
      const back = await host.olympus(["rollback", "staging"]);
      expect(back.code, back.err).toBe(0);
    });

    test("without its volume a machine is left alone", async () => {
      await host.inside("umount /mnt/olympus-data");
      const { code, err } = await host.release("v5", "good");
      await host.inside("/usr/local/sbin/olympus-data");
      expect(code).toBe(1);
      expect(err).toContain("the data volume is not mounted at /mnt/olympus-data");
      expect((await state()).version).toBe("v1.example");
    });

    test("a backup that fails stops a release before anything is touched", async () => {
      const before = await state();
      await host.inside("touch /run/backup-fails");
      const { code, err } = await host.release("unsaved", "good");
      await host.inside("rm /run/backup-fails");
      expect(code).toBe(1);
      expect(err).toMatch(/The step "backup" failed with 1: .*the planted store is away/s);
      expect(await state()).toEqual(before);
      const saved = await host.release("v5", "good");
      expect(saved.code, saved.err).toBe(0);
      expect(await host.inside("tail -n 1 /run/backups")).toBe(`${before.current} before-release`);
    });

    // At twenty moments each: killed.long.test.ts.
    test("killed at a random moment and run again, a release ends as an undisturbed one does", () =>
      killAndRepeat(host, 1));

    test("killed at a random moment and run again, a rollback ends as an undisturbed one does", () =>
      rollBackAndForth(host, 1));

    test("a power cut in the middle is mended by the next release", async () => {
      await host.release("cut", "good", {}, 2000);
      await host.cutPower();
      const { code, err } = await host.release("after-the-cut", "good");
      expect(code, err).toBe(0);
      await expectServing("after-the-cut");
    });
  },
);
