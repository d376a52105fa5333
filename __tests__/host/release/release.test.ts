import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skipWithout } from "../../sandbox/host/tools.ts";
import { type Host, startHost } from "./machine.ts";

const tools = ["systemd-nspawn", "mmdebstrap", "nsenter", "iptables", "losetup", "ssh", "ssh-keyscan"];

/** What the machine is left with, in the words of its disk. */
interface State {
  readonly version: string;
  /** The start that systemd ran last was of this release. */
  readonly runs: string;
  readonly current: string;
  readonly recorded: string;
  readonly unfinished: string;
  readonly neverServed: string[];
  readonly count: number;
}

describe.skipIf(skipWithout(tools))(
  "release and rollback on a machine booted from the product's user_data",
  () => {
    let host: Host;
    beforeAll(async () => {
      host = await startHost();
    });
    afterAll(async () => {
      await host?.stop();
    });

    const state = async (): Promise<State> => {
      const [version = "", runs = "", current = "", unfinished = "", releases = "", history = ""] = (
        await host.inside(
          `cd /opt/olympus; sed -n 's/SITE_HOST=//p' config/olympus.env; echo @; basename "$(cat /run/olympus/running)"; echo @; basename "$(readlink current)"; echo @; ls releases | grep '\\.new$'; echo @; ls releases | grep -v '\\.new$'; echo @; cut -d' ' -f1 history`,
        )
      )
        .split("@")
        .map((part) => part.trim());
      const served = history.split("\n");
      const kept = releases.split("\n");
      return {
        version,
        runs,
        current,
        recorded: served.at(-1) ?? "",
        unfinished,
        neverServed: kept.filter((id) => !served.includes(id)),
        count: kept.length,
      };
    };
    /** The state that an undisturbed release of `version` leaves. */
    const expectServing = async (version: string): Promise<string> => {
      const { current, count, ...rest } = await state();
      expect(rest).toEqual({
        version: `${version}.example`,
        runs: current,
        recorded: current,
        unfinished: "",
        neverServed: [],
      });
      expect(count).toBeLessThanOrEqual(5);
      return current;
    };

    test("a dry run shows the product's own release and writes nothing", async () => {
      const { code, out } = await host.olympus(["release", "staging", "--dry-run"]);
      expect(code, out).toBe(0);
      expect(out).toContain("systemctl restart --no-block olympus.service");
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
      expect(again.out).toBe(`staging serves ${id} in health; nothing to do.`);
    });

    test.each([
      ["fails", "the planted fault"],
      ["unwell", "postgres is exited"],
    ] as const)(
      "a release that %s is taken back by itself, and both are named",
      async (behaviour, reason) => {
        const { current: before } = await state();
        const { code, out } = await host.release("v2", behaviour);
        expect(code).toBe(1);
        expect(out).toContain(reason);
        expect(out).toMatch(new RegExp(`-[0-9a-f]{12} did not become healthy:[^]*taken back to ${before}`));
        expect(await state()).toMatchObject({ version: "v1.example", runs: before, current: before });
      },
    );

    test("of two releases at once the second is refused, with the first one's name", async () => {
      const [one, two] = await Promise.all([host.release("v3", "good"), host.release("v4", "good")]);
      const [winner, loser] = one.code === 0 ? ["v3", two] : ["v4", one];
      expect(loser.code).toBe(1);
      expect(loser.err).toMatch(/another release or rollback is at work: \S+@\S+ since 20/);
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
      expect(well.code, well.err).toBe(0);
      expect(JSON.parse(well.out)).toMatchObject({ environment: "staging", healthy: true, problems: [] });
      await host.inside("systemctl stop olympus.service");
      const down = await host.olympus(["status", "staging"]);
      expect(down.code).toBe(1);
      expect(down.out).toContain("! olympus.service is inactive");
    });

    test("without its volume a machine is left alone", async () => {
      await host.inside("umount /mnt/olympus-data");
      const { code, err } = await host.release("v5", "good");
      await host.inside("/usr/local/sbin/olympus-data");
      expect(code).toBe(1);
      expect(err).toContain("the data volume is not mounted at /mnt/olympus-data");
      expect((await state()).version).toBe("v1.example");
    });

    test("killed at 20 random moments and run again, it ends as an undisturbed one does", async () => {
      for (const round of [1, 2]) {
        for (let kill = 1; kill <= 10; kill += 1)
          await host.release(`killed-${round}-${kill}`, "good", {}, 600 + Math.random() * 2400);
        const { code, err } = await host.release(`round-${round}`, "good");
        expect(code, err).toBe(0);
        await expectServing(`round-${round}`);
      }
    });

    test("a rollback killed at random moments and run again ends the same", async () => {
      const [older = "", newer = ""] = (
        await host.inside("cut -d' ' -f1 /opt/olympus/history | tail -n 2")
      ).split("\n");
      for (const to of [older, newer, older]) {
        for (let kill = 1; kill <= 3; kill += 1)
          await host.olympus(["rollback", "staging", "--to", to], 600 + Math.random() * 1600);
        const { code, err } = await host.olympus(["rollback", "staging", "--to", to]);
        expect(code, err).toBe(0);
        expect((await state()).current).toBe(to);
        await expectServing(to === older ? "round-1" : "round-2");
      }
    });

    test("a power cut in the middle is mended by the next release", async () => {
      await host.release("cut", "good", {}, 2000);
      await host.cutPower();
      const { code, err } = await host.release("after-the-cut", "good");
      expect(code, err).toBe(0);
      await expectServing("after-the-cut");
    });
  },
);
