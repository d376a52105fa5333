import { expect } from "vitest";
import type { Host } from "./machine.ts";
import { expectServed, readDiskState } from "./state.ts";

/** Long enough for the whole of a small release on a busy machine, short enough to hit every step of it. */
const moment = (): number => 400 + Math.random() * 2600;

/** Kills as many releases, each of other contents, at random moments; then the next one must end as if nothing had been. */
export async function killAndRepeat(host: Host, kills: number): Promise<void> {
  for (let kill = 1; kill <= kills; kill += 1) await host.release(`killed-${kill}`, "good", {}, moment());
  const { code, err } = await host.release("after-the-kills", "good");
  expect(code, err).toBe(0);
  await expectServed(host, "after-the-kills");
}

/** Kills as many rollbacks between the two releases that served last; each time the same rollback again must end well. */
export async function rollBackAndForth(host: Host, kills: number): Promise<void> {
  const version = (id: string) =>
    host.inside(`sed -n 's/[.]example$//; s/SITE_HOST=//p' /opt/olympus/releases/${id}/olympus.env`);
  const { current } = await readDiskState(host);
  const served = (await host.inside("cut -d' ' -f1 /opt/olympus/history; ls /opt/olympus/releases")).split(
    "\n",
  );
  const other = served.filter((id, index) => id !== current && served.lastIndexOf(id) !== index).at(-1);
  if (!other) throw new Error("the machine holds one release only");
  for (let kill = 1; kill <= kills; kill += 1) {
    const to = kill % 2 ? other : current;
    const words = ["rollback", "staging", "--to", to];
    await host.olympus(words, moment());
    const { code, err } = await host.olympus(words);
    expect(code, err).toBe(0);
    expect(await expectServed(host, await version(to))).toBe(to);
  }
}
