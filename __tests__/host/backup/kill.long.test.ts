import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { namedVariable } from "../../../lib/process-env.ts";
import { closeBackupFixture, openBackupFixture } from "./backup-fixture.ts";
import { killAtRandom, type Script } from "./random-kills.ts";

const KILLS = 20;
/** Given, the same moments come again. */
const SEED = Number(namedVariable("OLYMPUS_KILL_SEED") ?? randomInt(2 ** 31));

beforeAll(() => openBackupFixture());
afterAll(closeBackupFixture);

it.each<[Script, RegExp[]]>([
  ["olympus-backup", [/dump/, /store|check/]],
  ["olympus-restore", [/fetch|load/, /switch|start/]],
  ["olympus-drill", [/fetch/, /load/]],
])(
  `%s, killed at ${KILLS} random moments, ends as undisturbed when it is run again`,
  async (name, within) => {
    const kills = await killAtRandom(name, KILLS, SEED);
    console.log(
      [`${name}, seed ${SEED}`, ...kills.map(({ ms, whole, step }) => `${ms} ms of ${whole}: ${step}`)].join(
        "\n",
      ),
    );
    expect(kills).toHaveLength(KILLS);
    for (const step of within) expect(kills.map((kill) => kill.step).join()).toMatch(step);
  },
);
