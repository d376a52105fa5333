import { expect, test } from "vitest";
import { DATA } from "../../../host/machine-layout.ts";
import type { TeamPlace } from "./team-place.ts";

/** Everything that the doctor asks is there: a booted machine, emulated clouds and GitHub, a real store of backups. */
export function doctorTests(at: () => TeamPlace): void {
  const inside = (script: string) => at().whole.inside(script);
  const doctor = (...options: string[]) => at().doctor(...options);
  const left = async () => Object.keys((await doctor()).open);
  const follow = async (words = "") => {
    const { code, err } = await at().whole.olympus(words.replace("./olympus ", "").split(" "));
    expect(code, err).toBe(0);
  };
  const onMachine = (remedy = "") => inside(remedy.replace(/^on the machine: (sudo )?/, ""));

  test("a machine that has just come up: what nobody has done yet is named", async () => {
    const { code, open } = await doctor();
    expect(code).toBe(1);
    expect(Object.values(open).map(({ id, state, found }) => [id, state, found])).toEqual([
      ["people.staging", "missing", expect.stringMatching(/^0 of \d+ are there$/)],
      ["clock.staging", "missing", expect.stringContaining("no GITHUB_TOKEN")],
      ["backup.fresh.staging", "missing", "there is none yet"],
      ["drill.fresh.staging", "waits", expect.stringContaining("backup.fresh.staging")],
      ["alerts.staging", "unknown", expect.stringContaining("none was sent")],
    ]);
  });

  test("followed, every row is done and the exit code is 0", async () => {
    const { open } = await doctor("--fix", "--yes");
    expect(Object.keys(open)).toEqual(["backup.fresh.staging", "drill.fresh.staging", "alerts.staging"]);
    await onMachine(open["alerts.staging"]?.remedy[0]);
    await follow(open["backup.fresh.staging"]?.remedy[0]);
    await follow((await doctor()).open["drill.fresh.staging"]?.remedy[0]);
    await expect.poll(left, { timeout: 180_000, interval: 5000 }).toEqual([]);
    expect((await doctor()).code).toBe(0);
  });

  const fingerprint = () => inside("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2");
  const RESULTS = `${DATA}/backup`;
  const PLANTED: readonly (readonly [
    id: string,
    plant: () => Promise<unknown>,
    found: RegExp,
    heal: (remedy: readonly string[]) => Promise<unknown>,
  ])[] = [
    [
      "hostkey.staging",
      () => at().whole.run("sh", ["-c", "rm $OLYMPUS_SECRETS_DIR/known_hosts.staging"]),
      /does not know it yet/,
      async ([, command = ""]) => follow(command.replace("SHA256:…", await fingerprint())),
    ],
    [
      "release.staging",
      () => inside("systemctl stop olympus.service"),
      /olympus\.service/,
      ([command = ""]) => onMachine(command),
    ],
    [
      "backup.fresh.staging",
      () => inside(`jq -c '.ok = false' ${RESULTS}/backup.json >/tmp/b && cp /tmp/b ${RESULTS}/backup.json`),
      /the last one failed/,
      ([command = ""]) => follow(command),
    ],
    [
      "drill.fresh.staging",
      () =>
        inside(
          `jq -c '.at = "2026-01-01T06:00:00Z"' ${RESULTS}/drill.json >/tmp/d && cp /tmp/d ${RESULTS}/drill.json`,
        ),
      /of 2026-01-01/,
      ([command = ""]) => follow(command),
    ],
  ];

  test.each(PLANTED)("%s: planted, it is found, and followed it is done", async (id, plant, found, heal) => {
    await plant();
    const row = (await doctor()).open[id];
    expect(row).toMatchObject({ id, found: expect.stringMatching(found) });
    await heal(row?.remedy ?? []);
    await expect.poll(left, { timeout: 120_000, interval: 5000 }).toEqual([]);
  });

  test("ssh.staging: a machine that does not answer is said so, and what waits for it waits", async () => {
    await inside("systemctl stop ssh.socket ssh.service");
    const { open } = await doctor();
    expect(open["ssh.staging"]?.state).toBe("unknown");
    expect(open["alerts.staging"]?.waitsFor).toBe("ssh.staging");
    await inside("systemctl start ssh.service");
    expect(await left()).toEqual([]);
  });
}
