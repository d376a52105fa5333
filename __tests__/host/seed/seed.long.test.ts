import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { everybody } from "../../../cli/staging/seed/people.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import {
  closeSeedFixture,
  identityDigest,
  makeLockouts,
  olympus,
  openSeedFixture,
  query,
  removeSeeded,
  startVerb,
} from "./seed-fixture.ts";

const PROFILE_COUNT = [
  ...everybody({ users: 0, number: 42, mix: { default: 100, customer: 0, organizational: 0, admin: 0 } }),
].length;
const MIB = 1024;
/** On a computer that has other work too. */
const LIMIT = { timeout: 3_600_000 };

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go"]))("the seed, at length", LIMIT, () => {
  beforeAll(openSeedFixture);
  afterAll(closeSeedFixture);
  beforeEach(() => {
    removeSeeded();
    makeLockouts();
  });

  it("makes a thousand people of whom every single one can log in", async () => {
    expect(await olympus("seed")).toMatchObject({ exitCode: 0, created: 1000 + PROFILE_COUNT, failed: [] });
    // Customers at CIAM, employees at IAM.
    expect(await olympus("logins", ["--everybody"])).toMatchObject({ exitCode: 0, people: 1000, in: 1000 });
  });

  it("makes 100,000 with the memory of 10,000", async () => {
    const small = await peak(["--users", "10000"]);
    const large = await peak(["--users", "100000"]);
    expect(query("ciam_kratos", "SELECT count(*) FROM identities")).toBe(String(97_000 + PROFILE_COUNT));
    process.stderr.write(`largest resident set: ${small} KiB for 10,000, ${large} KiB for 100,000\n`);
    expect(large - small).toBeLessThan(64 * MIB);
  });

  it("survives kills at many random moments", async () => {
    const SMALL = ["--users", "400", "--batch", "20"];
    await olympus("seed", SMALL);
    const undisturbed = identityDigest();
    for (let round = 0; round < 5; round++) {
      removeSeeded();
      makeLockouts();
      for (let kill = 0; kill < 3; kill++) {
        const cut = startVerb("seed", SMALL);
        await sleep(1000 + Math.random() * 5000);
        cut.kill("SIGKILL");
        await cut;
      }
      expect(await olympus("seed", SMALL)).toMatchObject({ exitCode: 0, failed: [], pending: [] });
      expect(identityDigest()).toBe(undisturbed);
      expect(query("olympus", "SELECT count(*) FROM ciam_lockouts")).toBe("5");
    }
  });
});

/** Largest resident set of a run, in KiB, as the kernel saw it. */
async function peak(args: readonly string[]): Promise<number> {
  const running = startVerb("seed", args);
  let [largest, over] = [0, false];
  void running.then(() => {
    over = true;
  });
  while (!over) {
    largest = Math.max(largest, residentSet(running.pid));
    await sleep(200);
  }
  const { exitCode, stderr } = await running;
  expect(exitCode, String(stderr)).toBe(0);
  return largest;
}

/** nsenter becomes node, so that the process keeps its number. VmHWM is the peak since it began. */
function residentSet(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
