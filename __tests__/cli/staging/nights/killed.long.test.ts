import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { simpleFaker } from "@faker-js/faker";
import { afterAll, beforeAll, expect, test } from "vitest";
import { namedVariable } from "../../../../lib/process-env.ts";
import { type CloudFixture, cloudFixture } from "./cloud-fixture.ts";

let t: CloudFixture;
beforeAll(async () => {
  t = await cloudFixture();
  await t.found("staging");
});
afterAll(() => t.close());

const KILLS = 12;
const SEED = Number(namedVariable("OLYMPUS_KILL_SEED") ?? randomInt(2 ** 31));

/** A verb whose whole family of processes dies at a moment. */
async function killed(verb: "sleep" | "wake", after: number): Promise<void> {
  const running = t.start(verb);
  await Promise.race([pause(after), running]);
  running.kill("SIGKILL");
  await running;
  // Terraform does not outlive its parent by much, but it may hold the state's lock until it is done.
  await pause(500);
}

const outcome = async () => {
  const { servers, volumes, primary_ips } = await t.project("staging");
  return {
    servers: servers.length,
    volume: volumes.map(({ id, server }) => [id, server === (servers[0]?.id ?? null)]),
    addresses: primary_ips.map(({ ip }) => ip),
    content: t.machine.volume(),
    serves: servers[0] !== undefined && t.machine.disks.serves === servers[0].id,
  };
};

test(`${KILLS} kills of sleep and of wake at random moments: the rerun ends as an undisturbed run`, {
  timeout: 3_600_000,
}, async () => {
  simpleFaker.seed(SEED);
  process.stderr.write(`seed ${SEED}\n`);
  const timed = async (verb: "sleep" | "wake") => {
    const begin = Date.now();
    const { exitCode, stderr } = await t.start(verb);
    expect([verb, exitCode, stderr]).toMatchObject([verb, 0, expect.anything()]);
    return { took: Date.now() - begin, left: await outcome() };
  };
  const [asleep, awake] = [await timed("sleep"), await timed("wake")];
  expect([asleep.left.servers, awake.left.servers, awake.left.serves]).toEqual([0, 1, true]);
  for (let kill = 0; kill < KILLS; kill++) {
    for (const [verb, undisturbed] of [
      ["sleep", asleep],
      ["wake", awake],
    ] as const) {
      const after = simpleFaker.number.int({ max: undisturbed.took });
      await killed(verb, after);
      const { exitCode, stderr } = await t.start(verb);
      expect([verb, after, exitCode, exitCode && stderr]).toEqual([verb, after, 0, 0]);
      expect([verb, after, await outcome()]).toEqual([verb, after, undisturbed.left]);
    }
  }
});
